import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClock } from '../../src/shop/traffic/clock.js';
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
function closedLoop(url: string): { end(): Promise<readonly number[]> } {
  let going = true;
  const run = async (): Promise<readonly number[]> => {
    const latencies: number[] = [];
    while (going) {
      const from = performance.now();
      await (await fetch(`${url}/products`)).text();
      latencies.push(performance.now() - from);
      await delay(5);
    }
    return latencies.toSorted((a, b) => a - b);
  };
  const measured = run();
  return {
    end() {
      going = false;
      return measured;
    },
  };
}

test('a shop that stalls for 2 s shows in p99, though one who waits for answers hardly sees it', async () => {
  const running = sendTo(shop, { rate: 100 });
  const closed = closedLoop(shop.url);
  await delay(2_000);
  await stall(2_000);
  await delay(2_500);
  const latencies = await closed.end();
  const { total, outages, late } = await stopped(running);

  // Of 650 requests 200 were due in the stall, and waited for what was left of it.
  expect(total.p99).toBeGreaterThan(1_800);
  expect(total.max).toBeLessThan(3_000);
  expect(total.failed).toBe(0);
  expect(total.sent + late.notSent).toBeGreaterThan(600);
  expect(outages).toEqual([]);
  const closedP99 = latencies[Math.ceil(latencies.length * 0.99) - 1];
  expect(latencies.at(-1)).toBeGreaterThan(1_800);
  expect(closedP99).toBeLessThan(1_000);
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
    await delay(2_500);
    const { orders } = await stopped(running);
    expect(forgotten.one).toBeGreaterThan(5);
    expect(forgotten.majority).toBeGreaterThan(5);
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
    await delay(1_500);
    const { orders } = await stopped(running);
    expect(orders.duplicates).toBe([...shop.orders.values()].filter(twice).length);
    expect(orders.duplicates).toBeGreaterThan(10);
    expect(orders.lost).toEqual({ one: 0, majority: 0 });
  });

  test('those that were found, and went in an outage, are lost', async () => {
    const running = sendTo(shop, { rate: 100, orders: 100, w: 1 });
    await expect.poll(() => running.measured().orders.verified, { timeout: 20_000 }).toBeGreaterThan(20);
    const rolledBack = [...shop.orders.keys()].slice(0, 10);
    shop.manners.refuses = true;
    await delay(500);
    for (const id of rolledBack) shop.orders.delete(id);
    shop.manners.refuses = false;
    await expect
      .poll(() => running.measured().orders.lost, { timeout: 30_000 })
      .toEqual({ one: 10, majority: 0 });
    const { outages } = await stopped(running);
    expect(outages).toHaveLength(1);
    expect(outages[0]?.ms).toBeGreaterThan(400);
    expect(outages[0]?.ms).toBeLessThan(3_000);
    expect(outages[0]?.failed).toBeGreaterThan(20);
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
  const running = sendTo(shop, { rate: 200 });
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
  expect(late).toMatchObject({ notSent: 0, asleepMs: 0 });
  expect(late.worstMs).toBeLessThanOrEqual(total.max ?? 0);
});
