import { expect, test } from 'vitest';
import { createLedger, type Ledger, type Sighting } from '../../../src/shop/traffic/ledger.js';

/** Gives each order that is due now the sighting that `find` says; their ids, in the order they were due. */
function lookFor(ledger: Ledger, now: number, find: (id: string) => Sighting = () => 'there'): string[] {
  const looked: string[] = [];
  for (let id = ledger.next(now); id !== undefined; id = ledger.next(now)) {
    looked.push(id);
    ledger.seen(id, find(id), now);
  }
  return looked;
}

function ledgerOf(...ids: string[]): Ledger {
  const ledger = createLedger();
  for (const [index, id] of ids.entries())
    ledger.acknowledged(id, index % 2 === 0 ? 1 : 'majority', index * 100);
  return ledger;
}

test('an order is first looked for some seconds after it was acknowledged, and once', () => {
  const ledger = ledgerOf('a', 'b');
  expect(lookFor(ledger, 4_999)).toEqual([]);
  expect(ledger.figures()).toMatchObject({ acknowledged: 2, verified: 0, unverified: 2 });
  expect(lookFor(ledger, 5_000)).toEqual(['a']);
  expect(lookFor(ledger, 5_100)).toEqual(['b']);
  expect(lookFor(ledger, 60_000)).toEqual([]);
  expect(ledger.figures()).toMatchObject({ verified: 2, unverified: 0, lost: { one: 0, majority: 0 } });
});

test('one look that does not find it may have gone to a member that lags; with the second it is lost', () => {
  const ledger = ledgerOf('a', 'b', 'c');
  expect(lookFor(ledger, 6_000, (id) => (id === 'c' ? 'there' : 'missing'))).toEqual(['a', 'b', 'c']);
  expect(ledger.figures()).toMatchObject({ unverified: 2, lost: { one: 0, majority: 0 } });
  expect(lookFor(ledger, 7_999)).toEqual([]);
  expect(lookFor(ledger, 8_000, (id) => (id === 'a' ? 'there' : 'missing'))).toEqual(['a', 'b']);
  expect(ledger.figures()).toMatchObject({ verified: 2, unverified: 0, lost: { one: 0, majority: 1 } });
});

test('a shop that does not say is asked again, and nothing follows from it', () => {
  const ledger = ledgerOf('a');
  expect(lookFor(ledger, 6_000, () => 'unknown')).toEqual(['a']);
  expect(ledger.figures()).toMatchObject({ verified: 0, unverified: 1 });
  expect(lookFor(ledger, 8_000)).toEqual(['a']);
  expect(ledger.figures()).toMatchObject({ verified: 1, unverified: 0 });
});

test('after an outage all are looked for again, the newest first; what is back is not lost any more', () => {
  const ledger = ledgerOf('a', 'b', 'c');
  lookFor(ledger, 6_000);
  ledger.doubtAll();
  expect(ledger.figures()).toMatchObject({ verified: 3, unverified: 3 });
  expect(lookFor(ledger, 10_000, (id) => (id === 'a' ? 'missing' : 'there'))).toEqual(['c', 'b', 'a']);
  lookFor(ledger, 12_000, () => 'missing');
  expect(ledger.figures()).toMatchObject({ verified: 2, unverified: 0, lost: { one: 1, majority: 0 } });
  ledger.doubtAll();
  lookFor(ledger, 20_000);
  expect(ledger.figures()).toMatchObject({ verified: 3, unverified: 0, lost: { one: 0, majority: 0 } });
});

test('an outage while all are looked for again begins again with the newest, and forgets none', () => {
  const ledger = ledgerOf('a', 'b', 'c');
  lookFor(ledger, 6_000);
  ledger.doubtAll();
  expect(ledger.next(10_000)).toBe('c');
  ledger.acknowledged('d', 1, 10_000);
  ledger.doubtAll();
  ledger.seen('c', 'there', 10_000);
  expect(lookFor(ledger, 10_000)).toEqual(['d', 'b', 'a']);
  expect(ledger.figures().unverified).toBe(0);
});

test('an order that is out is not given out twice', () => {
  const ledger = ledgerOf('a');
  expect(ledger.next(6_000)).toBe('a');
  expect(ledger.next(6_000)).toBeUndefined();
  ledger.doubtAll();
  expect(ledger.next(6_000)).toBeUndefined();
});

test('at the end the newest are looked for too', () => {
  const ledger = ledgerOf('a');
  expect(ledger.next(0)).toBeUndefined();
  expect(ledger.nextOfAll(0)).toBe('a');
});

test('an order in two places is a duplicate as long as it is there twice', () => {
  const ledger = ledgerOf('a');
  lookFor(ledger, 6_000, () => 'twice');
  expect(ledger.figures()).toMatchObject({ verified: 1, duplicates: 1 });
  ledger.doubtAll();
  lookFor(ledger, 9_000);
  expect(ledger.figures().duplicates).toBe(0);
});
