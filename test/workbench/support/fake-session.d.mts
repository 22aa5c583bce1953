import type { MistakesOfLesson } from '../../../src/grading/met-mistakes.js';
import type { Invocation } from '../../../src/lab/runtime.js';
import type { Typing } from '../../../src/replay/typing.js';
import type { TrafficOptions } from '../../../src/shop/traffic/settings.js';
import type { CourseSession, SessionEvent } from '../../../src/workbench/course-session.js';

export * from './fake-course.mjs';

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
  /** The customers that its lessons ask for; default none of their own. */
  readonly traffic?: TrafficOptions;
}

/** A session on a lab that is made up, for tests of the interface alone. */
export interface FakeSession extends CourseSession {
  /** Sends an event as the real session would. */
  say(event: SessionEvent): void;
  /** Every call, with its arguments, in order. */
  readonly calls: readonly string[];
}

export function createFakeSession(options?: FakeOptions): FakeSession;
