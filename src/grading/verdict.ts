import type { LessonId } from '../course/types.js';
import type { ShellKind } from '../lab/runtime.js';

/** `error` is the course's failure to look, never the learner's. */
export type VerdictState = 'pass' | 'pending' | 'wrong' | 'error';

/** What one look says of one check: an entry of `check --json`. */
export interface CheckVerdict {
  readonly title: string;
  /** The service it is about. */
  readonly at: string;
  readonly kind: 'state' | 'event';
  readonly state: VerdictState;
  readonly observed: string;
  readonly expected?: string | undefined;
  /** Of `wrong`: the id of the recognised mistake. */
  readonly mistake?: string | undefined;
  /** Markdown: what is wrong, why, and how to repair it; of `error`: what the course could not do. */
  readonly explanation?: string | undefined;
  /** The line that shows the same thing to the learner, as he would type it. */
  readonly reproduce?: string | undefined;
  /** Where he types it, which need not be what the check is about: that may be dead, or have no shell for it. */
  readonly reproduceAt?: { readonly service: string; readonly shell: ShellKind } | undefined;
}

/** All checks of a lesson, in their order. */
export interface LessonVerdict {
  readonly lesson: LessonId;
  readonly passed: boolean;
  /** Why it cannot be done on this machine, and what would change that: no check of it means anything. */
  readonly skipped?: string | undefined;
  readonly checks: readonly CheckVerdict[];
  readonly measured: readonly Figure[];
}

/** A measurement of a lesson, beside what the learner predicted: an entry of `measured` in `check --json`. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  /** `ms`, `%`, `orders`, or nothing. */
  readonly unit: string;
  /** `unpredicted`: a prediction is asked for first, and nothing is told before it is given. */
  readonly state: 'unpredicted' | 'unmeasured' | 'measured';
  /** A number, or the choice that was made; missing where no prediction is asked for, or none was made. */
  readonly predicted?: number | string | undefined;
  /** Missing: the learner himself. */
  readonly predictedBy?: 'course' | undefined;
  readonly value?: number | undefined;
}
