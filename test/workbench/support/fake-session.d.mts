import type { Term } from '../../../src/course/glossary.js';
import type { MistakesOfLesson } from '../../../src/grading/met-mistakes.js';
import type { StageSummary } from '../../../src/grading/summary.js';
import type { Typing } from '../../../src/grading/typing.js';
import type { CheckVerdict } from '../../../src/grading/verdict.js';
import type { Invocation } from '../../../src/lab/runtime.js';
import type { Snapshot } from '../../../src/lab/snapshot.js';
import type {
  CourseSession,
  OpenLesson,
  SessionEvent,
  StageEntry,
} from '../../../src/workbench/course-session.js';

export interface FakeOptions {
  /** What `shell` gives; default a bash without start-up files. */
  readonly shell?: Invocation;
  /** While this file is there the open lesson is passed, else pending. Without one, verdicts are for the test to say. */
  readonly doneFile?: string;
  /** Shells open in the pane; default: the terminal is handed over to them. */
  readonly pane?: boolean;
  /** What `play` does, shells' lines by the hands it is given; default nothing. */
  readonly solution?: readonly Typing[];
  /** `bringUp` does not end before it is cancelled. */
  readonly hang?: boolean;
  /** What `mistakes` gives; default `mistakes`. */
  readonly mistakes?: readonly MistakesOfLesson[];
}

/** A session on a lab that is made up, for tests of the interface alone. */
export interface FakeSession extends CourseSession {
  /** Sends an event as the real session would. */
  say(event: SessionEvent): void;
  /** Every call, with its arguments, in order. */
  readonly calls: readonly string[];
}

export function createFakeSession(options?: FakeOptions): FakeSession;

export const mistakes: readonly MistakesOfLesson[];
export const terms: readonly Term[];
export const summary: StageSummary;
export const stages: readonly StageEntry[];
export const snapshot: Snapshot;
export const addShards: OpenLesson;
/** Verdicts of `addShards` at its start. */
export const pendingVerdicts: readonly CheckVerdict[];
export const wrongVerdicts: readonly CheckVerdict[];
export const passedVerdicts: readonly CheckVerdict[];
