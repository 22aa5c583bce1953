import { expect, test } from 'vitest';
import { changedBetween } from '../../../src/workbench/state/changed.js';
import { five, inState, lab, node, three } from '../support/labs.js';

const withNode = (service: string, change: (one: (typeof five.nodes)[number]) => typeof one) =>
  lab(
    five.nodes.map((one) => (one.service === service ? change(one) : one)),
    { shards: five.shards },
  );

test('a node that died is news, and so is one that is another process now', () => {
  expect(
    changedBetween(
      five,
      withNode('shard2a', (one) => inState(one, 'dead')),
    ),
  ).toEqual(['shard2a']);
  const again = withNode('shard2a', (one) => ({ ...one, status: { ...one.status, pid: 7 } }));
  expect(changedBetween(five, again)).toEqual(['shard2a']);
});

test('a shard that was added or lost is news', () => {
  const shards = five.shards.slice(1);
  expect(changedBetween(five, lab(five.nodes, { shards }))).toEqual(['shard1']);
  expect(changedBetween(lab(five.nodes, { shards }), five)).toEqual(['shard1']);
});

test('amounts of data, lag and the time are none, nor is another stage', () => {
  const more = withNode('shard1a', (one) => ({ ...one, data: { documents: 1, bytes: 1 } }));
  expect(changedBetween(five, { ...more, takenAt: 5 })).toEqual([]);
  const secondary = (lag?: number) =>
    lab([node('shard', 'shard1b', { mongo: { role: 'secondary', ...(lag ? { lag } : {}) } })]);
  expect(changedBetween(secondary(), secondary(9))).toEqual([]);
  expect(changedBetween({ ...three, stage: 'replication' }, five)).toEqual([]);
});
