/** When requests are to be sent, on a clock of milliseconds that only goes forward. */
export interface Schedule {
  /** The times of the requests that are due and not given out yet; the rest of many at a later call. */
  due(now: number): readonly number[];
  /** Gives up what was due before `now`; says how many requests that were. */
  skipTo(now: number): number;
  /** The next time something is due. */
  next(): number;
}

/** So many at once; the others when answers have been taken in. */
const atOnce = 100;

/**
 * Fixed beforehand: request n is due n intervals after `from`, whatever becomes of those before it. A shop that
 * stalls is asked as often as one that does not, so each customer who had to wait is measured.
 */
export function createSchedule({ rate, from }: { rate: number; from: number }): Schedule {
  const interval = 1_000 / rate;
  let n = 0;
  const next = (): number => from + n * interval;
  return {
    next,
    due(now) {
      const times: number[] = [];
      for (; next() <= now && times.length < atOnce; n += 1) times.push(next());
      return times;
    },
    skipTo(now) {
      const first = Math.max(n, Math.ceil((now - from) / interval));
      const skipped = first - n;
      n = first;
      return skipped;
    },
  };
}
