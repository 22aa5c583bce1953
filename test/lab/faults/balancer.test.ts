import type { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { undoBalancer, undoBalancerBy } from '../../../src/lab/faults/balancer.js';
import type { Runtime } from '../../../src/lab/runtime.js';

/** A router whose balancer has these settings, and what it was told. */
function router(settings: object | null) {
  const told: object[] = [];
  const collection = { findOne: async () => settings };
  const db = () => ({ collection: () => collection, command: async (command: object) => told.push(command) });
  return { client: { db } as unknown as MongoClient, told };
}

const withoutWindow = {
  update: 'settings',
  updates: [{ q: { _id: 'balancer' }, u: { $unset: { activeWindow: '' } } }],
};

test.each([
  ['switched off', { mode: 'off', stopped: true }, ['balancer'], [{ balancerStart: 1 }]],
  ['told to split only', { mode: 'autoSplitOnly' }, ['balancer'], [{ balancerStart: 1 }]],
  [
    'given some hours',
    { mode: 'full', stopped: false, activeWindow: { start: '02:00', stop: '06:00' } },
    ['window'],
    [withoutWindow],
  ],
  [
    'both',
    { stopped: true, activeWindow: {} },
    ['balancer', 'window'],
    [{ balancerStart: 1 }, withoutWindow],
  ],
])('a balancer that was %s works as at the beginning', async (_, settings, undone, told) => {
  const found = router(settings);
  expect(await undoBalancerBy(found.client)).toEqual(undone);
  expect(found.told).toEqual(told);
});

test.each([null, {}, { mode: 'full', stopped: false }])('%j is left alone', async (settings) => {
  const found = router(settings);
  expect(await undoBalancerBy(found.client)).toEqual([]);
  expect(found.told).toEqual([]);
});

test('a lab whose router does not answer is left alone, soon', async () => {
  const services = async () => [
    { name: 'router1', program: 'mongos' as const, state: 'running' as const, address: '127.0.0.1:9' },
  ];
  const stack = () => ({ services: [] });
  const runtime = { services, stack, address: () => '127.0.0.1:9' } as unknown as Runtime;
  const asked = performance.now();
  expect(await undoBalancer(runtime)).toEqual([]);
  // The driver's own patience would be thirty seconds.
  expect(performance.now() - asked).toBeLessThan(15_000);
});
