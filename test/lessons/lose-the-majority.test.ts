import type { MongoClient } from 'mongodb';
import { beforeEach, expect, test } from 'vitest';
import plan from '../../lessons/replication/lose-the-majority/lesson.js';
import type { MongoRole, Snapshot } from '../../src/lab/observe/snapshot.js';
import type { LabView } from '../../src/lesson/lesson.js';

const members = ['shard1a', 'shard1b', 'shard1c'];
const read = plan.checks.find(({ title }) => title === 'The notice was read while nobody could write');

/** What the check keeps between its looks, as the progress does. */
const memory = new Map<string, number>();
beforeEach(() => memory.clear());

/** shard1 with these roles, of members that run, each having answered so many reads of the notice since it started. */
function labWith(roles: Readonly<Record<string, MongoRole>>, reads: Readonly<Record<string, number>>) {
  const nodes = members.map((service) => ({
    service,
    status: { state: roles[service] ? 'running' : 'exited' },
    ...(roles[service] ? { mongo: { role: roles[service], set: 'shard1' } } : {}),
  }));
  const clientOf = (service: string) => ({
    db: () => ({
      command: async () => ({ totals: { 'shop.notices': { queries: { count: reads[service] } } } }),
    }),
  });
  return {
    snapshot: { nodes } as unknown as Snapshot,
    recall: (name: string) => memory.get(name),
    remember: (name: string, amount: number) => void memory.set(name, amount),
    mongo: (service: string) => clientOf(service) as unknown as MongoClient,
  } as unknown as LabView;
}

const among = { shard1a: 'primary', shard1b: 'secondary', shard1c: 'secondary' } as const;
const alone = { shard1a: 'secondary' } as const;

test('a read from before the majority was lost does not count, one after it does', async () => {
  const look = (lab: LabView) => read?.look(lab);
  expect(await look(labWith(among, { shard1a: 3, shard1b: 0, shard1c: 0 }))).toMatchObject({
    state: 'pending',
  });
  expect(await look(labWith(alone, { shard1a: 3 }))).toMatchObject({ state: 'pending' });
  expect(await look(labWith(alone, { shard1a: 4 }))).toMatchObject({ state: 'pass' });
});

test('of a member that was restarted only what it has counted since is taken', async () => {
  const look = (lab: LabView) => read?.look(lab);
  await look(labWith(among, { shard1a: 3, shard1b: 0, shard1c: 0 }));
  expect(await look(labWith(alone, { shard1a: 0 }))).toMatchObject({ state: 'pending' });
  expect(await look(labWith(alone, { shard1a: 1 }))).toMatchObject({ state: 'pass' });
});
