import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Document, MongoClient } from 'mongodb';
import type { Lab } from '../../../src/lab/lab.js';
import { packageRoot } from '../../../src/package.js';
import { until } from './router-cluster.js';

/** A client of one server of a lab, whatever set it is in. */
export async function withServer<T>(
  lab: Lab,
  service: string,
  work: (client: MongoClient) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(`mongodb://${lab.runtime.address(service)}/?directConnection=true`, {
    serverSelectionTimeoutMS: 10_000,
    retryWrites: false,
  });
  try {
    return await work(await client.connect());
  } finally {
    await client.close();
  }
}

const settings = { electionTimeoutMillis: 1_500, heartbeatIntervalMillis: 300 };

/**
 * Makes what the replication stage ends with, by the driver instead of by a learner: three shards of three members, a
 * config set of three, the shop's products, its orders hashed over the shards. Elections are quicker than the default.
 */
export async function replicate(lab: Lab): Promise<void> {
  const initiate = async (set: string, services: readonly string[]): Promise<string> => {
    const hosts = services.map((service) => lab.runtime.peerAddress(service));
    await withServer(lab, services[0] ?? '', async (client) => {
      const admin = client.db('admin');
      const configsvr = set === 'configset' ? { configsvr: true } : {};
      const members = hosts.map((host, _id) => ({ _id, host }));
      await admin.command({ replSetInitiate: { _id: set, ...configsvr, members, settings } });
      await until(`a primary of ${set}`, async () => (await admin.command({ hello: 1 })).primary);
    });
    return `${set}/${hosts.join(',')}`;
  };
  const [, ...shards] = await Promise.all([
    initiate('configset', ['config1', 'config2', 'config3']),
    ...[1, 2, 3].map((n) =>
      initiate(
        `shard${n}`,
        ['a', 'b', 'c'].map((letter) => `shard${n}${letter}`),
      ),
    ),
  ]);
  await withServer(lab, 'router1', async (client) => {
    const admin = client.db('admin');
    for (const shard of shards) {
      await until(`${shard} as a shard`, () => admin.command({ addShard: shard }), 60_000);
    }
    const { products } = createRequire(import.meta.url)(join(packageRoot, 'assets', 'shop', 'shop-data.cjs'));
    await client.db('shop').collection<Document>('products').insertMany(products());
    await admin.command({ enableSharding: 'shop' });
    await admin.command({ shardCollection: 'shop.orders', key: { customerId: 'hashed' } });
  });
}

/** The service of the set that takes writes now, once all others follow it. */
export async function primaryOf(lab: Lab, services: readonly string[]): Promise<string> {
  return until(`a primary of ${services.join(', ')} that all follow`, async () => {
    const states = await Promise.all(
      services.map(async (service) => {
        const status = await withServer(lab, service, (client) =>
          client.db('admin').command({ replSetGetStatus: 1 }),
        );
        return { service, state: status.myState as number };
      }),
    );
    const primary = states.find(({ state }) => state === 1);
    return states.every(({ state }) => state === 1 || state === 2) && primary?.service;
  });
}
