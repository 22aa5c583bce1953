import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asleepFrom, createClock } from '../../src/shop/traffic/clock.js';
import { type Generator, startGenerator } from '../../src/shop/traffic/generator.js';
import { type TrafficOptions, trafficSettings } from '../../src/shop/traffic/settings.js';
import { type MadeUpShop, openMadeUpShop } from './support/made-up-shop.js';

let shop: MadeUpShop;
let generator: Generator | undefined;
beforeEach(async () => {
  shop = await openMadeUpShop();
});
afterEach(async () => {
  shop.manners.stalls = false;
  await generator?.stop(AbortSignal.timeout(20_000));
  await shop.close();
});

function sendTo({ url }: MadeUpShop, options: TrafficOptions): Generator {
  generator = startGenerator({
    target: url,
    settings: trafficSettings(options),
    products: ['PHO-0001', 'LAP-0002'],
    clock: createClock(),
  });
  return generator;
}

async function stopped(running: Generator) {
  generator = undefined;
  await running.stop(AbortSignal.timeout(20_000));
  return running.measured();
}

async function stall(milliseconds: number): Promise<void> {
  shop.manners.stalls = true;
  await delay(milliseconds);
  shop.manners.stalls = false;
}

/** What one client measures that asks again only when it was answered, as many load generators do. */
function closedLoop(url: string): { answers(): number; end(): Promise<readonly number[]> } {
  let going = true;
  const latencies: number[] = [];
  const run = async (): Promise<void> => {
    while (going) {
      const from = performance.now();
      await (await fetch(`${url}/products`)).text();
      latencies.push(performance.now() - from);
      await delay(5);
    }
  };
  const measured = run();
  return {
    answers: () => latencies.length,
    async end() {
      going = false;
      await measured;
      return latencies.toSorted((a, b) => a - b);
    },
  };
}

const p99Of = (sorted: readonly number[]): number => sorted[Math.ceil(sorted.length * 0.99) - 1] as number;

test('a shop that stalls for 2 s shows in p99, though one who waits for answers hardly sees it', async () => {
  const rate = 100;
  const from = performance.now();
  const running = sendTo(shop, { rate });
  const closed = closedLoop(shop.url);
  // So many that of his answers one in a hundred is more than the one that stalled.
  const answered = (wanted: number) =>
    expect.poll(() => closed.answers(), { timeout: 40_000 }).toBeGreaterThan(wanted);
  await answered(150);
  await stall(2_000);
  await answered(300);
  const latencies = await closed.end();
  const sentFor = performance.now() - from;
  const { total, outages, late } = await stopped(running);
  const tookAll = performance.now() - from;

  // 200 requests were due in the stall, and waited for what was left of it.
  expect(total.p99).toBeGreaterThan(1_000);
  expect(total.max).toBeGreaterThan(1_800);
  expect(total.max).toBeLessThan(tookAll);
  // A busy machine may turn some away; of those due in the stall most were not.
  expect(total.failed).toBeLessThan(100);
  expect(outages.length).toBeLessThanOrEqual(total.failed);
  // All that were due by then, but for those that a busy machine had still to send.
  expect(total.sent + late.notSent).toBeGreaterThan((rate * (sentFor - late.worstMs)) / 1_000 - rate);
  expect(latencies.at(-1)).toBeGreaterThan(1_800);
  expect(p99Of(latencies)).toBeLessThan(total.p99 as number);
});

describe('orders', () => {
  test('those that the shop acknowledged and forgot are counted, each by its write concern, and no other', async () => {
    let forgotten = { one: 0, majority: 0 };
    shop.manners.forgets = ({ id, w }) => {
      const forgets = Number(id.split('-')[1]) % 7 === 0;
      if (forgets && w === 1) forgotten = { ...forgotten, one: forgotten.one + 1 };
      if (forgets && w !== 1) forgotten = { ...forgotten, majority: forgotten.majority + 1 };
      return forgets;
    };
    const running = sendTo(shop, { rate: 100, orders: 100, w: 'both' });
    await expect.poll(() => Math.min(forgotten.one, forgotten.majority)).toBeGreaterThan(5);
    const { orders } = await stopped(running);
    expect(orders.lost).toEqual(forgotten);
    expect(orders.unverified).toBe(0);
    expect(orders.verified).toBe(shop.orders.size);
    expect(orders.acknowledged).toBe(shop.orders.size + forgotten.one + forgotten.majority);
    expect(orders.duplicates).toBe(0);
  });

  test('those that the shop has twice are counted', async () => {
    const twice = ({ id }: { id: string }) => Number(id.split('-')[1]) % 9 === 0;
    shop.manners.keepsTwice = twice;
    const running = sendTo(shop, { rate: 100, orders: 100 });
    const there = (): number => [...shop.orders.values()].filter(twice).length;
    await expect.poll(there).toBeGreaterThan(10);
    const { orders } = await stopped(running);
    expect(orders.duplicates).toBe(there());
    expect(orders.lost).toEqual({ one: 0, majority: 0 });
  });

  test('those that were found, and went in an outage, are lost', async () => {
    const running = sendTo(shop, { rate: 100, orders: 100, w: 1 });
    await expect.poll(() => running.measured().orders.verified, { timeout: 20_000 }).toBeGreaterThan(20);
    const rolledBack = [...shop.orders.keys()].slice(0, 10);
    const from = performance.now();
    shop.manners.refuses = true;
    await expect.poll(() => running.measured().total.byStatus['503']).toBeGreaterThan(50);
    for (const id of rolledBack) shop.orders.delete(id);
    shop.manners.refuses = false;
    await expect
      .poll(() => running.measured().orders.lost, { timeout: 30_000 })
      .toEqual({ one: 10, majority: 0 });
    const tookAll = performance.now() - from;
    const { outages, late } = await stopped(running);
    expect(outages).toHaveLength(1);
    // Fifty orders are half a second.
    expect(outages[0]?.ms).toBeGreaterThan(400);
    expect(outages[0]?.ms).toBeLessThan(tookAll + late.worstMs);
    expect(outages[0]?.failed).toBeGreaterThan(50);
  });
});

test('a shop that is gone is an outage; when it is back, customers are served again', async () => {
  const running = sendTo(shop, { rate: 50, orders: 50 });
  await expect.poll(() => running.measured().orders.acknowledged).toBeGreaterThan(5);
  const port = Number(new URL(shop.url).port);
  await shop.close();
  await expect.poll(() => running.measured().total.byStatus.unreachable).toBeGreaterThan(10);
  expect(running.measured().outages.at(-1)?.to).toBeUndefined();
  const before = running.measured().orders.acknowledged;
  shop = await openMadeUpShop(port);
  await expect.poll(() => running.measured().orders.acknowledged).toBeGreaterThan(before + 10);
  await expect.poll(() => running.measured().outages.at(-1)?.to).toBeDefined();
  expect(running.measured().outages).toHaveLength(1);
});

test('a generator that cannot keep its rate says so, and that it is not the shop', async () => {
  const rate = 200;
  const from = performance.now();
  const running = sendTo(shop, { rate });
  const loop = monitorEventLoopDelay();
  loop.enable();
  // A machine that has something else to do, nine tenths of the time.
  const busy = setInterval(() => {
    for (const until = performance.now() + 450; performance.now() < until; );
  }, 500);
  try {
    await expect.poll(() => running.measured().now.lateMs, { timeout: 30_000 }).toBeGreaterThan(300);
  } finally {
    clearInterval(busy);
  }
  const { late, total } = await stopped(running);
  const tookAll = performance.now() - from;
  // It takes itself for asleep only where this machine let it stand still for as long.
  const stoodStill = loop.max / 1_000_000 >= 0.9 * asleepFrom;
  expect(late.asleepMs).toBeLessThanOrEqual(stoodStill ? tookAll : 0);
  expect(late.notSent).toBeLessThanOrEqual(stoodStill ? (rate * tookAll) / 1_000 : 0);
  expect(late.worstMs).toBeLessThanOrEqual(total.max ?? 0);
});
