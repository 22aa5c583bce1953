import { afterAll, beforeAll, expect, test } from 'vitest';
import { openClients } from '../../src/lab/observe/clients.js';
import { quickened } from '../../src/replay/quicken.js';
import { openUnseenShells, type UnseenShells } from '../../src/replay/unseen-shells.js';
import { portOffsetFor } from '../support/ports.js';
import { withServer } from './support/replicated.js';
import { openTestLab, type TestLab } from './support/test-lab.js';

let testLab: TestLab;
let shells: UnseenShells;
beforeAll(async () => {
  testLab = await openTestLab(await portOffsetFor('quicken'), 'local');
  await testLab.lab.up('caching', () => {});
  shells = openUnseenShells(testLab.lab);
});
afterAll(async () => {
  await shells?.close();
  await testLab?.close();
});

const heartbeats = async (service: string): Promise<number> =>
  withServer(testLab.lab, service, async (client) => {
    const { config } = await client.db('admin').command({ replSetGetConfig: 1 });
    return config.settings.heartbeatIntervalMillis;
  });

async function nodeTimeouts(): Promise<readonly string[]> {
  const clients = openClients(testLab.lab.runtime);
  try {
    const nodes = ['redis1', 'redis6'];
    return await Promise.all(
      nodes.map(
        async (node) =>
          ((await (await clients.redis(node)).config('GET', 'cluster-node-timeout')) as string[])[1] ?? '',
      ),
    );
  } finally {
    await clients.close();
  }
}

test('members that are added hear from the primary often, and as usual afterwards', async () => {
  const { lab } = testLab;
  const members = [{ _id: 0, host: lab.runtime.peerAddress('shard3a') }];
  await withServer(lab, 'shard3a', (client) =>
    client.db('admin').command({ replSetInitiate: { _id: 'shard3', members } }),
  );
  let meanwhile: number | undefined;
  const { typeInto, calm } = quickened(lab.runtime, async (...typed) => {
    meanwhile = await heartbeats('shard3a');
    return shells.type(...typed);
  });
  await typeInto('shard3a', 'own', 'while (!db.hello().isWritablePrimary) sleep(50)');
  expect(meanwhile).toBe(2_000);
  await typeInto('shard3a', 'own', `rs.add("${lab.runtime.peerAddress('shard3b')}")`);
  expect(meanwhile).toBe(200);
  await calm();
  expect(await heartbeats('shard3a')).toBe(2_000);
  // The other members hear of it from the primary.
  await expect.poll(() => heartbeats('shard3b'), { timeout: 20_000 }).toBe(2_000);
});

test('nodes of a Redis Cluster that is made hear from each other often, and as before afterwards', async () => {
  let meanwhile: readonly string[] = [];
  const { typeInto, calm } = quickened(testLab.lab.runtime, async () => {
    meanwhile = await nodeTimeouts();
    return '';
  });
  await typeInto('redis1', 'system', 'redis-cli --cluster create …');
  expect(meanwhile).toEqual(['1000', '1000']);
  await calm();
  expect(await nodeTimeouts()).toEqual(['5000', '5000']);
});
