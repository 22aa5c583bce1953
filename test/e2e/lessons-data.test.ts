import { createRequire } from 'node:module';
import type { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLesson } from '../../src/course/catalog.js';
import { type Clients, openClients } from '../../src/lab/observe/clients.js';
import { mongosh } from '../../src/lesson/lesson.js';
import { ownedByShard, shardKeys } from '../../src/lesson/probes/shards.js';
import { goTo } from '../../src/replay/goto.js';
import { typeStep } from '../../src/replay/run-step.js';
import { portOffsetFor } from '../support/ports.js';
import { openTestLab, type TestLab } from './support/test-lab.js';

type Documents = readonly { _id: unknown }[];
const data = createRequire(import.meta.url)('../../assets/shop/shop-data.cjs') as Record<
  'products' | 'orders' | 'carts',
  () => Documents
>;
const collections = ['products', 'orders', 'carts'] as const;

const load = (service: string) => mongosh(service, 'load("{{course load-shop.js}}")');
const portOffset = await portOffsetFor('lessons-data');

/** The ids of documents that are missing, left over, or not exactly as they were generated. */
async function differing(client: MongoClient): Promise<Record<string, readonly unknown[]>> {
  const entries = collections.map(async (name) => {
    const stored = await client.db('shop').collection(name).find().sort({ _id: 1 }).toArray();
    const left = new Map(stored.map((document) => [document._id as unknown, JSON.stringify(document)]));
    const wrong = data[name]().filter((document) => {
      const found = left.get(document._id);
      left.delete(document._id);
      return found !== JSON.stringify(document);
    });
    return [name, [...wrong.map(({ _id }) => _id), ...left.keys()]] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const asGenerated = { products: [], orders: [], carts: [] };

describe('loading the shop', () => {
  let testLab: TestLab;
  let clients: Clients;
  const type = async (lessonId: string, step: ReturnType<typeof mongosh>) => {
    const { lab, grader, catalog } = testLab;
    return typeStep(step, { lab, grader, lesson: findLesson(catalog, lessonId) });
  };

  beforeAll(async () => {
    testLab = await openTestLab(portOffset);
    clients = openClients(testLab.lab.runtime);
  });
  afterAll(async () => {
    await clients?.close();
    await testLab?.close();
  });

  it('puts exactly the generated documents into a mongod, however often it is done', async () => {
    await testLab.lab.up('single-node', () => {});
    const shop = clients.mongo('shard1a').db('shop');
    await shop.collection('products').insertOne({ name: 'left over' });

    await type('single-node/load-the-shop', load('shard1a'));
    expect(await differing(clients.mongo('shard1a'))).toEqual(asGenerated);

    await shop.collection('orders').deleteMany({ region: 'EU' });
    await type('single-node/load-the-shop', load('shard1a'));
    expect(await differing(clients.mongo('shard1a'))).toEqual(asGenerated);
  });

  it('makes no index that a lesson is about', async () => {
    const shop = clients.mongo('shard1a').db('shop');
    const names = async (name: string) => (await shop.collection(name).indexes()).map((index) => index.name);
    expect(await names('orders')).toEqual(['_id_']);
    expect(await names('carts')).toEqual(['_id_']);
    expect(await names('products')).toEqual(['_id_', 'category_1']);
  });

  it('refills a sharded collection through a router, and leaves it sharded', async () => {
    const { catalog, lab, grader } = testLab;
    await goTo({ catalog, lab, grader, target: findLesson(catalog, 'sharding/targeted-queries') });
    const router = clients.mongo('router1');
    const before = await ownedByShard(router, 'shop.orders');
    await router
      .db('shop')
      .collection('orders')
      .deleteMany({ customerId: { $lt: 1000 } });

    await type('sharding/targeted-queries', load('router1'));
    expect(await differing(router)).toEqual(asGenerated);
    expect((await shardKeys(router)).get('shop.orders')).toEqual({ customerId: 'hashed' });
    expect(await ownedByShard(router, 'shop.orders')).toEqual(before);
  });
});
