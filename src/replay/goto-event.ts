import type { Undone } from '../lab/faults/undo-faults.js';
import type { FileEvent, UpEvent } from '../lab/runtime.js';
import type { Problem } from '../problem.js';
import type { SolveEvent } from './solve.js';

/** Progress of `goto`: services as they come up, then each lesson whose solution is typed. */
export type GotoEvent =
  | UpEvent
  | FileEvent
  | { readonly kind: 'rebuild'; readonly reason: string }
  /** The lab is brought to a checkpoint: of which lesson, and why it does not go on from where it is. */
  | {
      readonly kind: 'restore';
      readonly lesson: string;
      readonly name: string;
      readonly reason?: string | undefined;
    }
  /** A checkpoint that leads there cannot be used. */
  | { readonly kind: 'unusable'; readonly name: string; readonly problem: Problem }
  /** A checkpoint on the way could not be taken. */
  | { readonly kind: 'not-kept'; readonly problem: Problem }
  /** Services that a fault was made to, brought back. */
  | { readonly kind: 'undone'; readonly undone: readonly Undone[] }
  | {
      readonly kind: 'replay';
      readonly lesson: string;
      readonly phase: 'typing' | 'passed' | 'kept' | 'skipped';
    }
  | (SolveEvent & { readonly lesson: string });
