import { describe, expect, test } from 'vitest';
import { createOutages, type OrderOutcome, quietFor } from '../../../src/shop/traffic/outages.js';
import type { Outage } from '../../../src/shop/traffic/report.js';

const quiet = 2_000;

/** An order every 100 ms up to `until`; `fate` says when its customer knew and what. */
function outagesOf(until: number, fate: (due: number) => Omit<OrderOutcome, 'due'>): readonly Outage[] {
  const outages = createOutages({ quiet });
  const outcomes = Array.from({ length: until / 100 }, (_, index) => ({
    due: index * 100,
    ...fate(index * 100),
  }));
  for (const outcome of outcomes.toSorted((a, b) => a.known - b.known)) outages.add(outcome);
  return outages.list(until);
}
const served = (due: number) => ({ known: due + 5, acknowledged: true });
const refused = (due: number) => ({ known: due + 5, acknowledged: false });

describe('outages', () => {
  test('none where every order is acknowledged, however late', () => {
    expect(outagesOf(10_000, (due) => ({ known: due + 1_900, acknowledged: true }))).toEqual([]);
  });

  test('from when the first order that failed was due until the next one was acknowledged', () => {
    const found = outagesOf(20_000, (due) => (due >= 3_000 && due < 8_000 ? refused(due) : served(due)));
    expect(found).toEqual([{ from: 3_000, to: 8_005, ms: 5_005, failed: 50, acknowledged: 0 }]);
  });

  test('one that lasts has no end yet', () => {
    const [outage, ...others] = outagesOf(6_000, (due) => (due >= 3_000 ? refused(due) : served(due)));
    expect(others).toEqual([]);
    expect(outage).toEqual({ from: 3_000, ms: 3_000, failed: 30, acknowledged: 0 });
  });

  test('customers who were kept waiting count it from when they came, and it ends after the last of them', () => {
    // A primary dies at 3 s, another is elected at 10 s; the shop tries each order for 2.5 s.
    const found = outagesOf(20_000, (due) => {
      if (due < 3_000 || due >= 10_000) return served(due);
      return due + 2_500 < 10_000
        ? { known: due + 2_500, acknowledged: false }
        : { known: 10_000 + due / 1_000, acknowledged: true };
    });
    expect(found).toEqual([{ from: 3_000, to: 10_005, ms: 7_005, failed: 45, acknowledged: 0 }]);
  });

  test('one shard of three down is one outage, in which orders fail and succeed side by side', () => {
    const found = outagesOf(20_000, (due) =>
      due >= 3_000 && due < 8_000 && (due / 100) % 3 === 0 ? refused(due) : served(due),
    );
    expect(found).toEqual([{ from: 3_000, to: 7_905, ms: 4_905, failed: 17, acknowledged: 32 }]);
  });

  test('two that lie further apart than the quiet time are two', () => {
    const found = outagesOf(20_000, (due) => (due === 3_000 || due === 9_000 ? refused(due) : served(due)));
    expect(found.map(({ from, ms }) => ({ from, ms }))).toEqual([
      { from: 3_000, ms: 105 },
      { from: 9_000, ms: 105 },
    ]);
  });

  test('a customer who gives up after it is over belongs to it still', () => {
    const found = outagesOf(20_000, (due) => {
      if (due === 4_000) return { known: 9_000, acknowledged: false };
      return due >= 3_000 && due < 5_000 ? refused(due) : served(due);
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ from: 3_000, to: 5_005, failed: 20 });
  });

  test('few orders need a longer quiet until it is over', () => {
    expect(quietFor(100)).toBe(2_000);
    expect(quietFor(1)).toBe(10_000);
  });
});
