import { expect, test } from 'vitest';
import { openCounting } from '../../../src/shop/cache/figures.js';

const withRedis = { withoutRedis: false };

test('reads are told by their kind and by who answered', () => {
  const counting = openCounting();
  counting.begin('product:1').end('database', withRedis);
  counting.begin('product:2').end('cache', withRedis);
  counting.begin('best-sellers').end('failed', withRedis);
  const { reads } = counting.figures();
  expect(reads.product).toMatchObject({ fromCache: { count: 1 }, fromDatabase: { count: 1 }, failed: 0 });
  expect(reads['best-sellers']).toMatchObject({ fromCache: { count: 0, lastMs: null }, failed: 1 });
});

test('a rush is many at once for one key, with how often the database was asked for them', () => {
  const counting = openCounting();
  const crowd = Array.from({ length: 50 }, () => counting.begin('best-sellers'));
  counting.begin('product:1').end('cache', withRedis);
  crowd[0]?.load();
  crowd[1]?.load();
  for (const one of crowd.slice(1)) one.end('cache', withRedis);
  expect(counting.figures().rush).toBeNull();
  crowd[0]?.end('database', withRedis);
  expect(counting.figures().rush).toEqual({ key: 'best-sellers', callers: 50, loads: 2 });
  // One after the other is no rush.
  for (let n = 0; n < 50; n += 1) counting.begin('best-sellers').end('cache', withRedis);
  expect(counting.figures().rush?.callers).toBe(50);
});

test('stale is a price from the cache that was another before the customer asked', async () => {
  const counting = openCounting();
  const ask = () => counting.begin('product:1');
  const cached = (priceCents: number) => ({ ...withRedis, priceCents });
  ask().end('cache', cached(100));
  const before = ask();
  await new Promise((resolve) => setTimeout(resolve, 2));
  counting.wrote('product:1', 200);
  await new Promise((resolve) => setTimeout(resolve, 2));
  before.end('cache', cached(100));
  ask().end('cache', cached(200));
  ask().end('database', cached(300));
  expect(counting.figures()).toMatchObject({ writes: 1, stale: 0 });
  ask().end('cache', cached(100));
  expect(counting.figures()).toMatchObject({ stale: 1, lastWrite: { key: 'product:1', priceCents: 200 } });
});

test('customers who came while Redis was away are told apart', () => {
  const counting = openCounting();
  counting.begin('product:1').end('database', { withoutRedis: true });
  counting.begin('product:1').end('failed', { withoutRedis: true });
  counting.begin('product:1').end('failed', withRedis);
  expect(counting.figures().withoutRedis).toEqual({ served: 1, failed: 1 });
});

test('a customer whom MongoDB failed is none that the loss of Redis has failed', () => {
  const counting = openCounting();
  counting.begin('product:1').end('database-failed', { withoutRedis: true });
  const { reads, withoutRedis } = counting.figures();
  expect(withoutRedis).toEqual({ served: 0, failed: 0 });
  expect(reads.product).toMatchObject({ fromCache: { count: 0 }, fromDatabase: { count: 0 }, failed: 0 });
});
