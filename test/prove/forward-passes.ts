import type { StageId } from '../../src/course/types.js';

/**
 * The stages of each forward pass of `npm test`. Two, because two cores serve two labs; the second replays the first
 * three stages, which takes about as long as it takes the first to prove them.
 */
export const forwardPasses = [
  ['single-node', 'sharding', 'replication'],
  ['caching', 'gateway'],
] as const satisfies readonly (readonly StageId[])[];
