import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTraffic } from '../../src/shop/traffic/read.js';
import type { TrafficReport } from '../../src/shop/traffic/report.js';
import { startTraffic } from '../../src/shop/traffic/start.js';
import { stopTraffic } from '../../src/shop/traffic/stop.js';
import { portOffsetFor } from '../support/ports.js';
import { primaryOf, replicate, withServer } from './support/replicated.js';
import { openTestLab, type TestLab } from './support/test-lab.js';

const kills = 10;
const members = ['a', 'b', 'c'];

let testLab: TestLab;
beforeAll(async () => {
  testLab = await openTestLab(await portOffsetFor(import.meta.filename));
  await testLab.lab.up('replication', () => {});
  await replicate(testLab.lab);
}, 240_000);
afterAll(() => testLab?.close());

const report = (): TrafficReport => readTraffic(testLab.home) as TrafficReport;

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

test(`${kills} kills of a primary under 100 orders a second lose no order acknowledged by a majority`, async () => {
  const { lab, home } = testLab;
  await startTraffic(lab, { rate: 100, orders: 100, w: 'majority' });
  const moreOrders = async (count: number): Promise<void> => {
    const { acknowledged } = report().orders;
    await expect
      .poll(() => report().orders.acknowledged, { timeout: 60_000 })
      .toBeGreaterThan(acknowledged + count);
  };

  for (let kill = 0; kill < kills; kill += 1) {
    const set = members.map((member) => `shard${1 + (kill % 3)}${member}`);
    const primary = await primaryOf(lab, set);
    await moreOrders(50);
    await lab.runtime.kill(primary);
    await primaryOf(
      lab,
      set.filter((member) => member !== primary),
    );
    await moreOrders(100);
    await lab.runtime.start(primary);
  }
  await primaryOf(
    lab,
    members.map((member) => `shard1${member}`),
  );

  const ended = await stopTraffic(home);
  expect(ended?.orders.lost).toEqual({ one: 0, majority: 0 });
  expect(ended?.orders).toMatchObject({ unverified: 0, duplicates: 0 });
  expect(ended?.orders.verified).toBe(ended?.orders.acknowledged);
  expect(ended?.orders.acknowledged).toBeGreaterThan(kills * 50);
}, 600_000);
