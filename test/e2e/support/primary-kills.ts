import { expect } from 'vitest';
import { readTraffic } from '../../../src/shop/traffic/read.js';
import type { TrafficReport } from '../../../src/shop/traffic/report.js';
import { startTraffic } from '../../../src/shop/traffic/start.js';
import { stopTraffic } from '../../../src/shop/traffic/stop.js';
import { primaryOf } from './replicated.js';
import type { TestLab } from './test-lab.js';

export const members = ['a', 'b', 'c'];

/**
 * Kills a primary so many times, of each shard in turn, under 100 orders a second, and expects that no order
 * acknowledged by a majority is lost.
 */
export async function killPrimaries({ lab, home }: TestLab, kills: number): Promise<void> {
  const report = (): TrafficReport => readTraffic(home) as TrafficReport;
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
}
