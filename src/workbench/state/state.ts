import type { Term } from '../../course/glossary.js';
import type { LessonId, StageId } from '../../course/types.js';
import type { MistakesOfLesson } from '../../grading/met-mistakes.js';
import type { StageSummary } from '../../grading/summary.js';
import type { CheckVerdict, Figure } from '../../grading/verdict.js';
import type { FaultKind } from '../../lab/faults/faults.js';
import type { Snapshot } from '../../lab/observe/snapshot.js';
import type { FileEvent, UpEvent } from '../../lab/runtime.js';
import type { GotoEvent } from '../../replay/goto-event.js';
import type { TrafficReport } from '../../shop/traffic/report.js';
import type { LabStanding, OpenLesson, StageEntry, TrafficAct } from '../course-session.js';
import type { Size } from '../terminal/screen.js';
import type { ShellEntry, ShellKey } from './shell-key.js';

export const panes = ['lesson', 'checks', 'lab', 'shell'] as const;
export type PaneId = (typeof panes)[number];
/** A pane of text; the shell's rows come from its own terminal. */
export type DocumentPane = Exclude<PaneId, 'shell'>;

/** What went wrong, and what to do about it. */
export interface Trouble {
  /** What could not be done: `Open the shell of shard1a`. */
  readonly title: string;
  readonly message: string;
  readonly remedy?: string | undefined;
}

/** What lies over the lesson or the course list until it is answered or dismissed. */
export type Overlay =
  | {
      readonly kind: 'help';
      /** First visible line. */
      readonly top: number;
    }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  /** Why a key does nothing just now. */
  | { readonly kind: 'told'; readonly title: string; readonly message: string }
  | { readonly kind: 'mistakes'; readonly lessons: readonly MistakesOfLesson[]; readonly top: number }
  | { readonly kind: 'summary'; readonly summary: StageSummary; readonly top: number }
  | {
      readonly kind: 'glossary';
      readonly terms: readonly Term[];
      /** What is typed so far: only words that have it are shown. */
      readonly draft: string;
      readonly top: number;
    }
  | { readonly kind: 'confirm'; readonly what: Confirmable }
  | {
      readonly kind: 'question';
      readonly index: number;
      /** Of a choice: which option the cursor is on. */
      readonly option: number;
      /** Of a number: what is typed so far. */
      readonly draft: string;
      /** Why the draft was not taken. */
      readonly complaint?: string | undefined;
    }
  | {
      readonly kind: 'search';
      /** What is typed so far. */
      readonly draft: string;
      /** The lesson that the cursor is on; undefined where nothing was found. */
      readonly cursor: LessonId | undefined;
    };

/** What is asked for before it is done, because it breaks something off or throws something away. */
export type Confirmable =
  | { readonly kind: 'quit' }
  | { readonly kind: 'goto'; readonly lesson: LessonId }
  | { readonly kind: 'undo'; readonly lesson: LessonId }
  | { readonly kind: 'fault'; readonly fault: FaultKind; readonly service: string }
  | { readonly kind: 'traffic'; readonly act: TrafficAct };

/** A node that is looked at closely. */
export interface NodeDetails {
  readonly service: string;
  /** The end of its log, as it was written, the newest line last. */
  readonly log: readonly string[];
}

export type WorkTarget =
  | { readonly kind: 'up'; readonly stage: StageId }
  /** `anew`: the lesson begins again even where the lab looks as at its start. */
  | { readonly kind: 'goto'; readonly lesson: LessonId; readonly restart?: boolean };

/** A lesson before the target, and how far the typing of its solution is. */
export interface Replay {
  readonly lesson: string;
  readonly phase: Extract<GotoEvent, { kind: 'replay' }>['phase'];
  /** What is being typed, and where. */
  readonly line?: string | undefined;
}

/** Something that takes minutes: bringing a stage up, replaying solutions. */
export interface Work {
  readonly target: WorkTarget;
  /** Sentences that say where it starts from: an empty lab, a checkpoint. */
  readonly route: readonly string[];
  /** What became of files of the learner's. */
  readonly files: readonly FileEvent[];
  /** The last event of each program and service, in the order they first came. */
  readonly programs: readonly Extract<UpEvent, { kind: 'program' }>[];
  readonly services: readonly Extract<UpEvent, { kind: 'service' }>[];
  readonly replays: readonly Replay[];
  /** For how long it is under way: it changes each second, so that no wait looks like a program that hangs. */
  readonly seconds: number;
  /** First visible line; undefined: the end is followed as it comes. */
  readonly top: number | undefined;
  readonly outcome:
    | { readonly kind: 'running' }
    | { readonly kind: 'cancelling' }
    | { readonly kind: 'done' }
    | { readonly kind: 'cancelled' }
    | { readonly kind: 'failed'; readonly trouble: Trouble };
}

/** The lesson on the screen, with what the learner has unfolded of it and what the checks say. */
export interface LessonView {
  readonly lesson: OpenLesson;
  /** In the order of the lesson's checks; empty before the first look. */
  readonly verdicts: readonly CheckVerdict[];
  readonly passed: boolean;
  readonly measured: readonly Figure[];
  /** Indexes of checks that were seen passed at some time: what they say now may be a loss. */
  readonly oncePassed: ReadonlySet<number>;
  /** The check that the learner chose to see in full; before he did it is the first that is not passed. */
  readonly chosenCheck?: number | undefined;
  /** How many hints are unfolded. */
  readonly hints: number;
}

/** The pane at the bottom that shows one of the shells. */
export interface ShellPane {
  readonly entries: readonly ShellEntry[];
  /** The shell that the pane shows; kept while the pane is closed. */
  readonly shown: ShellKey | undefined;
  readonly open: boolean;
  /** `live`: keys go to the program. `scrolling`: they move through what it printed. */
  readonly mode: 'live' | 'scrolling';
  readonly zoomed: boolean;
  /** Between the prefix key, which takes the keys from the shell, and the key after it: what the shell had then. */
  readonly prefixed: false | 'pane' | 'zoom';
  /** True while the learner is asked which code block goes to the shell. */
  readonly choosingBlock: boolean;
}

export interface WorkbenchState {
  readonly size: Size;
  readonly screen: 'course' | 'lesson' | 'work';
  readonly overlay: Overlay | undefined;
  readonly stages: readonly StageEntry[];
  /** The lesson that the course list's cursor is on. */
  readonly cursor: LessonId | undefined;
  readonly lab: LabStanding | undefined;
  readonly snapshot: Snapshot | undefined;
  readonly view: LessonView | undefined;
  readonly work: Work | undefined;
  /** Which pane keys go to; on small screens also which one is seen. */
  readonly pane: PaneId;
  /** First visible line of each pane. */
  readonly scroll: Readonly<Record<DocumentPane, number>>;
  readonly shell: ShellPane;
  /** The service that the lab pane's cursor is on. */
  readonly node: string | undefined;
  /** The node whose details are open; only while the keys go to the lab pane. */
  readonly details: NodeDetails | undefined;
  /** Services and shards that changed a moment ago. */
  readonly flashing: ReadonlySet<string>;
  /** The load the shop is under, or how it ended a moment ago. */
  readonly traffic: TrafficReport | undefined;
  readonly notice: { readonly message: string; readonly remedy?: string | undefined } | undefined;
  /** While the course types its own solutions: what it does now, and whether it was told to hold. */
  readonly demo: { readonly line: string; readonly paused: boolean } | undefined;
  /** How the demo ended, until the learner goes elsewhere. */
  readonly demoOver: string | undefined;
  /** What is being waited for, shown in the bottom line: `Opening sharding/add-shards`. */
  readonly busy: string | undefined;
}

/** One and the same set, so that a state without a flash stays the same. */
export const none: ReadonlySet<string> = new Set();

export function initialState(size: Size): WorkbenchState {
  return {
    size,
    screen: 'course',
    overlay: undefined,
    stages: [],
    cursor: undefined,
    lab: undefined,
    snapshot: undefined,
    view: undefined,
    work: undefined,
    pane: 'lesson',
    scroll: topOfAll,
    shell: {
      entries: [],
      shown: undefined,
      open: false,
      mode: 'live',
      zoomed: false,
      prefixed: false,
      choosingBlock: false,
    },
    node: undefined,
    details: undefined,
    flashing: none,
    traffic: undefined,
    notice: undefined,
    demo: undefined,
    demoOver: undefined,
    busy: undefined,
  };
}

export const topOfAll: Readonly<Record<DocumentPane, number>> = { lesson: 0, checks: 0, lab: 0 };
