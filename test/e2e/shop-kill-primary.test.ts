import { afterAll, beforeAll, expect, test } from 'vitest';
import { portOffsetFor } from '../support/ports.js';
import { killPrimaries, members } from './support/primary-kills.js';
import { primaryOf, replicate, withServer } from './support/replicated.js';
import { openTestLab, type TestLab } from './support/test-lab.js';

// Ten kills in a row take two minutes and are in test/chaos (npm run test:full).
let testLab: TestLab;
beforeAll(async () => {
  testLab = await openTestLab(await portOffsetFor(import.meta.filename));
  await testLab.lab.up('replication', () => {});
  await replicate(testLab.lab);
}, 240_000);
afterAll(() => testLab?.close());

test('a primary of each shard steps down in order, and no customer notices more than a slow order', async () => {
  const { lab } = testLab;
  const shop = `http://${lab.runtime.address('shop1')}`;
  let customerId = 0;
  const order = async (): Promise<number> => {
    customerId += 1;
    const response = await fetch(`${shop}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ customerId, items: [{ productId: 'PHO-0001', quantity: 1 }] }),
    });
    return response.status;
  };
  for (const shard of ['shard1', 'shard2', 'shard3']) {
    const set = members.map((member) => `${shard}${member}`);
    const primary = await primaryOf(lab, set);
    const orders: Promise<number>[] = [];
    const steady = setInterval(() => orders.push(order()), 50);
    try {
      await withServer(lab, primary, (client) => client.db('admin').command({ replSetStepDown: 20 }));
      expect(await primaryOf(lab, set)).not.toBe(primary);
      await expect.poll(() => orders.length, { timeout: 10_000 }).toBeGreaterThan(40);
    } finally {
      clearInterval(steady);
    }
    expect(new Set(await Promise.all(orders))).toEqual(new Set([201]));
  }
}, 120_000);

test('a killed primary of each shard, under 100 orders a second, loses no order acknowledged by a majority', async () => {
  await killPrimaries(testLab, 3);
}, 600_000);
