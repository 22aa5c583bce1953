import { lookInterval } from '../grading/watch.js';

/** Milliseconds without a key or a change, after which nobody is taken to be at work. */
const restAfter = 20_000;

/** Milliseconds between two looks while the lab rests and so does the learner. */
const restInterval = 2_000;

/** How closely the lab is watched: a learner at work sees what he did within a second, a resting lab costs little. */
export interface PollInterval {
  /** The learner did something, or the lab changed. True where all was at rest before. */
  stir(): boolean;
  /** Milliseconds until the next look. */
  interval(): number;
}

/** @param now the clock, in milliseconds */
export function createPollInterval(now: () => number = Date.now): PollInterval {
  let stirredAt = now();
  const rests = (): boolean => now() - stirredAt >= restAfter;
  return {
    stir() {
      const rested = rests();
      stirredAt = now();
      return rested;
    },
    interval: () => (rests() ? restInterval : lookInterval),
  };
}
