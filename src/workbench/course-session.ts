import type { Term } from '../course/glossary.js';
import type { LessonState } from '../course/progress.js';
import type { LessonId, LessonText, StageId } from '../course/types.js';
import type { MistakesOfLesson } from '../grading/met-mistakes.js';
import type { StageSummary } from '../grading/summary.js';
import type { CheckVerdict, Figure } from '../grading/verdict.js';
import type { FaultKind } from '../lab/faults/faults.js';
import type { Snapshot } from '../lab/observe/snapshot.js';
import type { FileEvent, Invocation, RuntimeKind, ShellKind, UpEvent } from '../lab/runtime.js';
import type { OwnComposeState } from '../lab/workspace/learner-compose-state.js';
import type { Check, Question } from '../lesson/lesson.js';
import type { GotoEvent } from '../replay/goto-event.js';
import type { TypeInto, Typing } from '../replay/typing.js';
import type { TrafficReport } from '../shop/traffic/report.js';
import type { TrafficOptions } from '../shop/traffic/settings.js';
import type { SessionCheckpoints } from './session-checkpoints.js';

/** One line of the course list. */
export interface LessonEntry {
  readonly id: LessonId;
  readonly title: string;
  readonly minutes: number;
  readonly state: LessonState;
  /** What was measured in it, beside what was predicted; empty before that. */
  readonly measured: readonly Figure[];
}

export interface StageEntry {
  readonly id: StageId;
  readonly title: string;
  /** Markdown: what this stage is about. */
  readonly introduction: string;
  readonly lessons: readonly LessonEntry[];
}

/** Which stage is up, and on what. `stage` is undefined before the first `up` and after `down`. */
export interface LabStanding {
  readonly stage: StageId | undefined;
  readonly runtime: RuntimeKind;
  /** The learner's own compose file beside what runs; undefined where the stage that is up has none of theirs. */
  readonly compose?: OwnComposeState | undefined;
}

/** A question of a lesson as it is put to the learner. */
export interface QuestionEntry {
  readonly question: Question;
  /** Markdown. */
  readonly wording: string;
  /** What the learner answered last. */
  readonly answer?: string | undefined;
}

/** A lesson opened for reading: its text with addresses filled in, what is checked, what is asked. */
export interface OpenLesson {
  readonly id: LessonId;
  readonly stage: StageId;
  readonly minutes: number;
  /** No `{{placeholder}}` is left in it. */
  readonly text: LessonText;
  readonly checks: readonly (Pick<Check, 'title' | 'at' | 'kind'> & Partial<Pick<Check, 'holdsAtStart'>>)[];
  readonly questions: readonly QuestionEntry[];
  /** The file of the workspace that the learner writes in this lesson: `shop/cache.js`. */
  readonly file?: string | undefined;
  /** The customers it asks for, where it asks for some. */
  readonly traffic?: TrafficOptions | undefined;
  /** The service whose shell opens when the learner asks for one and every check is passed. */
  readonly shellAt: string;
}

export type TrafficAct = 'start' | 'stop';

/** What the session says on its own. Each event replaces what the last of its kind said. */
export type SessionEvent =
  | {
      readonly kind: 'course';
      readonly stages: readonly StageEntry[];
      /** The lesson the learner left off at; undefined before he opened one. */
      readonly current: LessonId | undefined;
    }
  | { readonly kind: 'lab'; readonly lab: LabStanding }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | {
      /** Verdicts of the lesson opened last, all its checks in their order. Sent when one changed. */
      readonly kind: 'verdicts';
      readonly lesson: LessonId;
      readonly passed: boolean;
      readonly checks: readonly CheckVerdict[];
      readonly measured: readonly Figure[];
    }
  /** The load the shop is under, or how it ended a moment ago; null when there is nothing to say of it. */
  | { readonly kind: 'traffic'; readonly traffic: TrafficReport | null }
  /** Something the learner should know that no command of his asked for; null when it is over. */
  | { readonly kind: 'notice'; readonly notice: { message: string; remedy?: string | undefined } | null };

/**
 * All that the workbench knows of the course and the lab, and all it can ask of them: the one seam between the
 * terminal interface and the rest. Methods that fail reject with a `Problem` (anything else is the course's fault).
 */
export interface CourseSession {
  /**
   * Tells `listener` at once what is known (`course` and `lab` always, the rest where there is any), then every
   * change. A listener is never called again for what did not change: the workbench draws on each call.
   */
  subscribe(listener: (event: SessionEvent) => void): () => void;
  /** Opens a lesson: its verdicts come in the stream from now on, where its stage is up. */
  openLesson(id: LessonId): Promise<OpenLesson>;
  /** Brings the lab to a stage. Servers that are up already are left alone. */
  bringUp(stage: StageId, onEvent: (event: UpEvent | FileEvent) => void, signal: AbortSignal): Promise<void>;
  /**
   * Brings the lab to the start of a lesson: its stage up, the solutions before it typed for real. Empties the lab
   * first where it cannot be led there.
   * @param options `anew`: begins the lesson again even where the lab looks as at its start
   */
  gotoLesson(
    id: LessonId,
    onEvent: (event: GotoEvent) => void,
    signal: AbortSignal,
    options?: { readonly restart?: boolean | undefined },
  ): Promise<void>;
  /**
   * Does the steps of the open lesson's solution for real, its lines typed by `typeInto`; resolves when every check
   * is passed, or the cluster has had its time. `begin` is told before each step, which waits for it.
   */
  play(hands: {
    readonly begin: (typing: Typing) => Promise<void>;
    readonly typeInto: TypeInto;
    readonly signal: AbortSignal;
  }): Promise<{ readonly passed: boolean }>;
  /** Keeps the learner's answer to a question of the open lesson; its checks look again at once. */
  answer(question: string, value: string): Promise<void>;
  /** The learner is at work: what he does is looked for more closely for a while. */
  stir(): void;
  /** Looks at the lab now; resolves when what was found has been told. Rejects never: a failure is a notice. */
  look(): Promise<void>;
  /** An interactive shell of a service, its own or a system shell: for a terminal unless that is said not to be one. */
  shell(service: string, kind: ShellKind, options?: { readonly terminal: boolean }): Promise<Invocation>;
  /** Where a file of the workspace is; it is there then. */
  workspaceFile(file: string): Promise<string>;
  /** Makes a service fail, or brings it back; resolves when that is done. */
  fault(fault: FaultKind, service: string): Promise<void>;
  /** Sends customers to the shop, or sends them no more; resolves when the first are on their way, or the last verified. */
  traffic(act: TrafficAct, options?: TrafficOptions): Promise<void>;
  /** The end of a service's log, then each line as it is written, until `signal` aborts. */
  logs(service: string, signal: AbortSignal): AsyncIterable<string>;
  readonly checkpoints: SessionCheckpoints;
  /** All recognised mistakes, lesson by lesson, as far as the learner may know of them. */
  mistakes(): Promise<readonly MistakesOfLesson[]>;
  glossary(): Promise<readonly Term[]>;
  /** What the learner has of a stage. */
  summary(stage: StageId): Promise<StageSummary>;
  /** Stops watching. The lab goes on running. */
  close(): Promise<void>;
}
