import { afterAll, beforeAll, expect, test } from 'vitest';
import { quickened } from '../../src/replay/quicken.js';
import { openUnseenShells, type UnseenShells } from '../../src/replay/unseen-shells.js';
import { portOffsetFor } from '../support/ports.js';
import { withServer } from './support/replicated.js';
import { openTestLab, type TestLab } from './support/test-lab.js';

let testLab: TestLab;
let shells: UnseenShells;
beforeAll(async () => {
  testLab = await openTestLab(await portOffsetFor('quicken'), 'local');
  await testLab.lab.up('replication', () => {});
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
