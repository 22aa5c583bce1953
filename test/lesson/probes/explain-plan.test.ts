import { describe, expect, it } from 'vitest';
import { planStages, shardsAsked } from '../../../src/lesson/probes/explain-plan.js';

// Shapes as mongod 6.0.5 gives them, cut down to what is read.
const byIndex = {
  queryPlanner: {
    winningPlan: { stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: 'customerId_1' } },
  },
};
const slotBased = {
  queryPlanner: { winningPlan: { queryPlan: { stage: 'COLLSCAN' }, slotBasedPlan: { stages: '…' } } },
};
const byIndexIntersection = {
  queryPlanner: {
    winningPlan: {
      stage: 'FETCH',
      inputStage: { stage: 'OR', inputStages: [{ stage: 'IXSCAN' }, { stage: 'IXSCAN' }] },
    },
  },
};
const scattered = {
  queryPlanner: {
    winningPlan: {
      stage: 'SHARD_MERGE',
      shards: [
        { shardName: 'shard1', winningPlan: { stage: 'SHARDING_FILTER', inputStage: { stage: 'COLLSCAN' } } },
        { shardName: 'shard2', winningPlan: { stage: 'SHARDING_FILTER', inputStage: { stage: 'COLLSCAN' } } },
      ],
    },
  },
};

describe('planStages', () => {
  it('lists the stages of a plan, outermost first', () => {
    expect(planStages(byIndex)).toEqual(['FETCH', 'IXSCAN']);
  });

  it('reads plans of the slot-based engine', () => {
    expect(planStages(slotBased)).toEqual(['COLLSCAN']);
  });

  it('follows every branch of a plan', () => {
    expect(planStages(byIndexIntersection)).toEqual(['FETCH', 'OR', 'IXSCAN', 'IXSCAN']);
  });

  it('goes into the plan of each shard', () => {
    const oneShard = ['SHARDING_FILTER', 'COLLSCAN'];
    expect(planStages(scattered)).toEqual(['SHARD_MERGE', ...oneShard, ...oneShard]);
  });

  it('finds none where nothing was explained', () => {
    expect(planStages({})).toEqual([]);
  });
});

describe('shardsAsked', () => {
  it('names the shards that a query was sent to', () => {
    expect(shardsAsked(scattered)).toEqual(['shard1', 'shard2']);
  });

  it('names none on a plain mongod', () => {
    expect(shardsAsked(byIndex)).toEqual([]);
  });
});
