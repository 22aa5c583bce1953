import type { Check } from '../lesson/lesson.js';
import type { Outcome } from './run-check.js';

/** Since when (milliseconds) each check that must hold has been seen true without a break. */
export type Held = ReadonlyMap<string, number>;

/** A check's outcome once time is taken into account, and whether it only waits for `holdFor` to be over. */
export interface Settled {
  readonly outcome: Outcome;
  readonly held: Held;
  readonly holding: boolean;
}

/** Takes time into account: what has to stay true for `holdFor` is pending until then. */
export function applyHoldFor(
  check: Check,
  outcome: Outcome,
  { held, now }: { held: Held; now: number },
): Settled {
  const next = new Map(held);
  if (outcome.state !== 'pass') {
    next.delete(check.title);
    return { outcome, held: next, holding: false };
  }
  const since = held.get(check.title) ?? now;
  next.set(check.title, since);
  if (now - since >= check.holdFor) return { outcome, held: next, holding: false };
  const seconds = check.holdFor / 1000;
  return {
    outcome: { state: 'pending', observed: outcome.observed, expected: `that it stays so for ${seconds} s` },
    held: next,
    holding: true,
  };
}
