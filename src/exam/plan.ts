import type { ExamFaultKind } from './report.js';

/** Customers per second before the rush and in it: ten times as many, and still what one laptop carries beside 26 servers. */
export const calmRate = 5;
export const rushRate = 10 * calmRate;
/** Seconds. */
export const calmSeconds = 15;
export const rushSeconds = 60;

/** One fault to come; seconds of the rush. */
export interface PlannedFault {
  readonly kind: ExamFaultKind;
  readonly at: number;
  /** How long until the service is started again. */
  readonly lasts: number;
  /** From 0 to less than 1: which of those that it could be. */
  readonly pick: number;
}

/** Seconds between the beginnings of two faults, and what chance adds to each. */
const apart = 17;
const jitter = 4;
const first = 4;
const shortest = 6;

/** Three faults, one of each kind, never two at once: their order, moments and victims follow from the seed alone. */
export function planFaults(seed: number): readonly PlannedFault[] {
  const random = randomFrom(seed);
  const kinds = shuffled<ExamFaultKind>(['shop', 'shard', 'redis'], random);
  return kinds.map((kind, index) => ({
    kind,
    at: first + index * apart + random() * jitter,
    lasts: shortest + random() * jitter,
    pick: random(),
  }));
}

/** One of several; undefined where there is none. */
export function pickOf<T>(from: readonly T[], pick: number): T | undefined {
  return from[Math.floor(pick * from.length)];
}

function shuffled<T>(values: readonly T[], random: () => number): readonly T[] {
  const left = [...values];
  return values.map(() => left.splice(Math.floor(random() * left.length), 1)[0] as T);
}

/** Mulberry32: small, and the same on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
