import { afterAll, beforeAll, expect, test } from 'vitest';
import { electedPrimaries, electPrimaries } from '../../src/lab/replica-sets/elections.js';
import { portOffsetFor } from '../support/ports.js';
import { killAll } from './support/kill-all.js';
import { withServer } from './support/replicated.js';
import { openTestLab, type TestLab } from './support/test-lab.js';

const sets = {
  configset: ['config1', 'config2', 'config3'],
  shard1: ['shard1a', 'shard1b', 'shard1c'],
} as const;
/** Longer than any of these tests may take: no member becomes primary that was not asked to stand. */
const settings = { electionTimeoutMillis: 300_000 };

let testLab: TestLab;
beforeAll(async () => {
  testLab = await openTestLab(await portOffsetFor('elections'), 'local');
  const { lab } = testLab;
  await lab.up('replication', () => {});
  for (const [set, services] of Object.entries(sets)) {
    const members = services.map((service, _id) => ({ _id, host: lab.runtime.peerAddress(service) }));
    const configsvr = set === 'configset' ? { configsvr: true } : {};
    await admin(services[0], { replSetInitiate: { _id: set, ...configsvr, members, settings } });
  }
});
afterAll(() => testLab?.close());

const admin = (service: string, command: object) =>
  withServer(testLab.lab, service, (client) => client.db('admin').command(command));
const primaries = async () => electedPrimaries(await testLab.grader.observe());

const firsts = ['config1', 'shard1a'];

test('asks a member of each set to stand, and leaves sets alone that are not initiated', async () => {
  // The others are not secondaries yet: they copy the data of the first.
  expect(await electPrimaries(testLab.lab.runtime)).toEqual(firsts);
  expect(await primaries()).toEqual(firsts);
});

test('leaves a set alone that has a primary', async () => {
  const term = async () => (await admin('shard1a', { replSetGetStatus: 1 })).term;
  const before = await term();
  expect(await electPrimaries(testLab.lab.runtime, { prefer: ['config3', 'shard1b'] })).toEqual(firsts);
  expect(await term()).toEqual(before);
});

test('`up` makes the primaries of before primaries again where all servers were killed', async () => {
  const { lab, grader } = testLab;
  const isWhole = async () =>
    (await grader.observe())?.nodes.filter(({ mongo }) => mongo?.role === 'secondary').length === 4;
  await expect.poll(isWhole, { timeout: 60_000 }).toBe(true);
  const others = ['config2', 'shard1c'];
  for (const service of others) await admin(service, { replSetStepUp: 1 });
  await expect.poll(primaries, { timeout: 20_000 }).toEqual(others);
  await killAll(testLab);
  await lab.up('replication', () => {}, undefined, { prefer: others });
  expect(await primaries()).toEqual(others);
});

test('`up` does so where they were stopped and may have handed over to others, which are ahead', async () => {
  const { lab } = testLab;
  const before = await primaries();
  await lab.down({ purge: false });
  await lab.up('replication', () => {}, undefined, { prefer: before });
  expect(await primaries()).toEqual(before);
});

test('`up` prefers those that have the newest writes where nothing else is asked for', async () => {
  const { lab } = testLab;
  await lab.down({ purge: false });
  await lab.up('replication', () => {});
  expect(await primaries()).toHaveLength(2);
});

test('makes a preferred member primary that was behind the others when they elected', async () => {
  const { lab } = testLab;
  const [primary] = (await primaries()).filter((service) => service.startsWith('shard1'));
  const behind = sets.shard1.find((service) => service !== primary) as string;
  await lab.runtime.kill(behind);
  await withServer(lab, primary as string, (client) => client.db('shop').collection('orders').insertOne({}));
  await killAll(testLab);
  await lab.up('replication', () => {}, undefined, { prefer: [behind] });
  expect(await primaries()).toContain(behind);
});

test('asks another member where the preferred one does not run', async () => {
  const { lab } = testLab;
  for (const service of sets.shard1) await lab.runtime.kill(service);
  for (const service of ['shard1a', 'shard1c']) await lab.runtime.start(service);
  const elected = await electPrimaries(lab.runtime, { prefer: ['shard1b'] });
  expect(elected).toContainEqual(expect.stringMatching(/^shard1[ac]$/));
});

test('`up` does not hold elections where a member was running already', async () => {
  const { lab } = testLab;
  for (const service of sets.shard1) await lab.runtime.kill(service);
  await lab.runtime.start('shard1a');
  await lab.up('replication', () => {});
  expect((await primaries()).filter((service) => service.startsWith('shard1'))).toEqual([]);
});

test('ends when it is aborted while no majority answers', async () => {
  const { lab } = testLab;
  for (const service of ['shard1b', 'shard1c']) await lab.runtime.kill(service);
  const elected = await electPrimaries(lab.runtime, { signal: AbortSignal.timeout(1_000) });
  expect(elected.filter((service) => service.startsWith('shard1'))).toEqual([]);
});
