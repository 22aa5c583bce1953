import { expect, test } from 'vitest';
import { goodbyeLines } from '../../src/workbench/ending.js';
import { snapshot } from './support/fake-session.mjs';

const lab = { stage: 'sharding', runtime: 'local' } as const;
const allRunning = {
  ...snapshot,
  nodes: snapshot.nodes.map((node) => ({ ...node, status: { ...node.status, state: 'running' as const } })),
};

test('whoever leaves is told that his lab goes on', () => {
  expect(goodbyeLines({ lab, snapshot: allRunning })).toEqual([
    'The lab goes on running (sharding). mongo-scale-course down stops it.',
  ]);
  expect(goodbyeLines({ lab, snapshot: undefined })).toHaveLength(1);
});

test('and which of it does not run, and how to bring it back', () => {
  expect(goodbyeLines({ lab, snapshot })[1]).toBe(
    'Left as it is: shard3a is dead. mongo-scale-course up sharding brings back what is down.',
  );
});

test('there is nothing to say of a lab that is not there', () => {
  expect(goodbyeLines({ lab: undefined, snapshot: undefined })).toEqual([]);
  expect(goodbyeLines({ lab: { ...lab, stage: undefined }, snapshot: undefined })).toEqual([]);
});
