import { type MongoClient, Timestamp } from 'mongodb';
import { describe, expect, test } from 'vitest';
import reshard from '../../lessons/sharding/reshard/lesson.js';
import type { LabView } from '../../src/lesson/lesson.js';
import type { TrafficReport } from '../../src/shop/traffic/report.js';
import { aReport } from '../shop/traffic/support/report.js';
import { fakeLab, fakeRouter } from './support/fake-lab.js';

const [newKey, notLost] = reshard.checks;
/** When the key changed; the lesson was begun two minutes before. */
const changed = 1_800_000_000_000;
const second = 1_000;

interface Shop {
  readonly key?: object;
  /** When orders were made, in seconds after the change. */
  readonly ordered?: readonly number[];
  readonly traffic?: Partial<TrafficReport>;
}

function lab({ key = { customerId: 1, _id: 1 }, ordered = [], traffic }: Shop): LabView {
  const times = ordered.map((seconds) => changed + seconds * second);
  const timestamp = new Timestamp({ t: changed / 1000, i: 1 });
  return fakeLab({
    begun: changed - 120 * second,
    mongo: fakeRouter({
      'config.collections': { findOne: async () => ({ _id: 'shop.orders', key, timestamp }) },
      'shop.orders': {
        estimatedDocumentCount: async () => 50_000 + times.length,
        findOne: async ({ createdAt }: { createdAt: { $gte: Date; $lt?: Date } }) =>
          times.find(
            (time) => time >= +createdAt.$gte && time < +(createdAt.$lt ?? Number.POSITIVE_INFINITY),
          ) ?? null,
      },
    }),
    traffic: () => traffic && aReport(traffic),
  });
}

describe('that customers ordered while the key changed', () => {
  const look = (shop: Shop) => newKey?.look(lab(shop));

  test('is seen by the orders, whatever traffic came later', async () => {
    const later = { startedAt: changed + 60 * second };
    expect(await look({ ordered: [-3, 4], traffic: later })).toMatchObject({ state: 'pass' });
  });

  test('is not said of customers who could not order', async () => {
    const unanswered = { startedAt: changed - 20 * second };
    expect(await look({ ordered: [4], traffic: unanswered })).toMatchObject({ mistake: 'nobody-ordered' });
  });

  test('nor of those who had left long before, or who ordered before the lesson', async () => {
    for (const seconds of [-60, -130]) {
      expect(await look({ ordered: [seconds, 4] })).toMatchObject({ mistake: 'nobody-ordered' });
    }
  });

  test('waits for the first order under the new key', async () => {
    expect(await look({ ordered: [-3, 0.5] })).toMatchObject({ state: 'pending' });
  });

  test('stays so once it was', () => expect(newKey?.kind).toBe('event'));
});

describe('that no order is lost', () => {
  const orders = { ...aReport().orders, acknowledged: 80, unverified: 0, lost: { one: 0, majority: 0 } };
  const look = (traffic: Shop['traffic']) =>
    notLost?.look(lab({ ordered: [-3, 4], traffic: { state: 'stopped', ...traffic } }));

  test('is seen when those who ordered meanwhile have left', async () => {
    expect(await look({ startedAt: changed - 20 * second, orders })).toMatchObject({ state: 'pass' });
  });

  test('cannot be said by those who came later, or whose orders were never confirmed', async () => {
    expect(await look({ startedAt: changed + 20 * second, orders })).toMatchObject({
      mistake: 'nobody-ordered',
    });
    const none = { ...orders, acknowledged: 0 };
    expect(await look({ startedAt: changed - 20 * second, orders: none })).toMatchObject({
      state: 'pending',
    });
  });
});

test('shares that a sample may cut are enough; a shard that has next to nothing is not', async () => {
  const both = reshard.checks[2];
  const owning = (shard1: number, shard2: number) => {
    const shards = [
      { shardName: 'shard1', numOwnedDocuments: shard1 },
      { shardName: 'shard2', numOwnedDocuments: shard2 },
    ];
    const view = lab({});
    const router = view.mongo('router1');
    const db = (name: string) =>
      name === 'admin' ? { aggregate: () => ({ toArray: async () => [{ shards }] }) } : router.db(name);
    return { ...view, mongo: () => ({ db }) as unknown as MongoClient };
  };
  expect(await both?.look(owning(39_159, 10_841))).toMatchObject({ state: 'pass' });
  expect(await both?.look(owning(50_000, 0))).toMatchObject({ state: 'pending' });
});
