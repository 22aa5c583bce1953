import { expect, test } from 'vitest';
import { createMix, productIds, type Visit } from '../../../src/shop/traffic/mix.js';
import { trafficSettings } from '../../../src/shop/traffic/settings.js';

function visits(count: number, options: Partial<Parameters<typeof createMix>[0]> = {}): readonly Visit[] {
  const next = createMix({
    orders: 30,
    w: 'majority',
    run: 'run',
    products: ['PHO-0001', 'LAP-0002'],
    random: Math.random,
    acknowledged: () => 'run-1',
    ...options,
  });
  return Array.from({ length: count }, next);
}
const ordersOf = (list: readonly Visit[]) =>
  list.flatMap((visit) => (visit.kind === 'order' ? [visit.order] : []));

test('orders come as evenly as was asked for', () => {
  const all = visits(1_000);
  for (let from = 0; from < 1_000; from += 10) {
    expect(ordersOf(all.slice(from, from + 10))).toHaveLength(3);
  }
  expect(ordersOf(visits(100, { orders: 100 }))).toHaveLength(100);
  expect(ordersOf(visits(100, { orders: 0 }))).toHaveLength(0);
});

test('every kind of visit occurs, and each order has an id of its own', () => {
  const all = visits(1_000);
  expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['order', 'list', 'product', 'again']));
  const ids = ordersOf(all).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('nobody looks again at an order that there is not', () => {
  expect(visits(500, { acknowledged: () => undefined }).some(({ kind }) => kind === 'again')).toBe(false);
});

test('both write concerns take turns', () => {
  const concerns = ordersOf(visits(100, { w: 'both', orders: 100 })).map(({ w }) => w);
  expect(concerns.filter((w) => w === 1)).toHaveLength(50);
  expect(concerns.filter((w) => w === 'majority')).toHaveLength(50);
});

test('customers ask for products that the course loads', () => {
  expect(productIds()).toContain('PHO-0001');
  expect(productIds().length).toBeGreaterThan(1_500);
});

test('absurd wishes are told so, with what can be had', () => {
  expect(trafficSettings({ rate: 200 })).toEqual({ rate: 200, minutes: 30, w: 'majority', orders: 30 });
  expect(() => trafficSettings({ rate: 1e6 })).toThrow(/1000000 requests/);
  expect(() => trafficSettings({ rate: 0 })).toThrow(/0 requests/);
  expect(() => trafficSettings({ minutes: 1_000 })).toThrow(/1000 minutes/);
  expect(() => trafficSettings({ orders: 101 })).toThrow(/101/);
  expect(() => trafficSettings({ rate: 1_000, minutes: 240 })).toThrow(/14,400,000 requests/);
});
