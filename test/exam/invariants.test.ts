import { expect, it } from 'vitest';
import { brokenBy, judge } from '../../src/exam/invariants.js';
import type { TrafficReport } from '../../src/shop/traffic/report.js';

const calm = { requests: 75, failed: 0, p95: 20 };
const prices = { changed: 40, read: 160, stale: 0 };
const orders = {
  sent: 900,
  acknowledged: 890,
  verified: 890,
  unverified: 0,
  lost: { one: 0, majority: 0 },
  duplicates: 0,
};

function rush(total: Partial<TrafficReport['total']> = {}, more: Partial<TrafficReport['orders']> = {}) {
  return {
    total: { ok: 2_980, failed: 10, p95: 90, ...total },
    orders: { ...orders, ...more },
  } as TrafficReport;
}

const states = (seen: Partial<Parameters<typeof judge>[0]>) =>
  Object.fromEntries(
    judge({ calm, rush: rush(), prices, over: true, ...seen }).map(({ id, state }) => [id, state]),
  );

it('holds when all is well, and only when the time is over', () => {
  expect(states({})).toEqual({ errors: 'holds', latency: 'holds', lost: 'holds', stale: 'holds' });
  expect(states({ over: false })).toEqual({ errors: 'open', latency: 'open', lost: 'open', stale: 'open' });
});

it('is broken by a hundredth of failures: at the end of those there were, before it of all that there will be', () => {
  expect(states({ rush: rush({ ok: 990, failed: 10 }) }).errors).toBe('broken');
  expect(states({ rush: rush({ ok: 100, failed: 10 }), over: false }).errors).toBe('open');
  expect(states({ rush: rush({ ok: 100, failed: 31 }), over: false }).errors).toBe('broken');
});

it('measures waiting against the calm before, above what a busy machine does by itself', () => {
  expect(states({ rush: rush({ p95: 3_001 }) }).latency).toBe('broken');
  expect(states({ rush: rush({ p95: 3_001 }), calm: { ...calm, p95: 301 } }).latency).toBe('holds');
});

it('forgives no lost order, no doubled one, no old price, and nothing that was not looked for', () => {
  expect(states({ rush: rush({}, { lost: { one: 0, majority: 1 } }), over: false }).lost).toBe('broken');
  expect(states({ rush: rush({}, { duplicates: 1 }) }).lost).toBe('broken');
  expect(states({ rush: rush({}, { unverified: 1 }) }).lost).toBe('open');
  expect(states({ prices: { ...prices, stale: 1 }, over: false }).stale).toBe('broken');
  expect(states({ prices: { changed: 0, read: 0, stale: 0 } }).stale).toBe('open');
});

it('blames what was dead when most requests failed, and nothing where nothing was', () => {
  const second = (at: number, failed: number) => ({ at, ok: 50, failed, p95: 20 });
  const faults = [
    { kind: 'shop' as const, service: 'shop2', at: 10_000, until: 17_000 },
    { kind: 'shard' as const, service: 'shard2a', at: 30_000 },
  ];
  expect(brokenBy([second(11_000, 2), second(33_000, 20)], faults, 40_000)).toBe('shard');
  expect(brokenBy([second(11_000, 20), second(33_000, 2)], faults, 40_000)).toBe('shop');
  expect(brokenBy([second(5_000, 20)], faults, 40_000)).toBeUndefined();
});
