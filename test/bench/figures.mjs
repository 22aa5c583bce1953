/**
 * One figure of a bench, as `npm run bench` prints it.
 * @typedef {{ name: string, value: number, unit: string, bound?: number, ok: boolean }} Figure
 */

/** A figure that is shown for orientation. */
export const plain = (name, value, unit) => ({ name, value, unit, ok: true });

/** A figure that may be as large as `bound`. */
export const atMost = (bound, name, value, unit) => ({ name, value, unit, bound, ok: value <= bound });

/** A figure that may be as small as `bound`. */
export const atLeast = (bound, name, value, unit) => ({ name, value, unit, bound, ok: value >= bound });

export function median(values) {
  return percentile(values, 0.5);
}

/** @param {number} share 0.95 for the value that 5 % exceed */
export function percentile(values, share) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)];
}

/**
 * The median of the ratios of each round: a machine whose speed drifts changes both sides of one round.
 * @param {number[]} values
 * @param {number[]} peers what was measured in the same rounds
 */
export function pairedRatio(values, peers) {
  return median(values.map((value, round) => value / peers[round]));
}

/** Milliseconds that `work` takes. */
export async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
