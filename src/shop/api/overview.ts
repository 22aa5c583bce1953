import type { FastifyInstance } from 'fastify';
import type { ShopConfig } from './config.js';
import type { Database } from './database.js';
import { deadline } from './deadline.js';
import * as schemas from './schemas.js';
import { demandShards, type Shard, shardsOf } from './shards.js';

interface ReplicaSet {
  readonly name: string;
  readonly members: readonly string[];
}

/** `GET /`: what the shop runs on, and how much is in it. */
export function overviewRoutes(app: FastifyInstance, database: Database, config: ShopConfig): void {
  const { db } = database;

  app.get(
    '/',
    {
      schema: {
        summary: 'What the shop runs on',
        tags: ['shop'],
        response: { 200: { description: 'As it is now.', ...schemas.overview }, 503: schemas.unavailable },
      },
    },
    async () => {
      const signal = deadline();
      const named = await db.listCollections({ type: 'collection' }, { nameOnly: true, signal }).toArray();
      if (named.length === 0) await demandShards(database, signal);
      const counted = await Promise.all(
        named.map(
          async ({ name }) => [name, await db.collection(name).countDocuments({}, { signal })] as const,
        ),
      );
      // Asked last: by now the driver knows what it is connected to.
      const topology = database.topology();
      const shards = topology === 'Sharded' ? await shardsOf(database, signal) : [];
      return {
        instance: config.instance,
        database: config.database,
        topology,
        routers: topology === 'Sharded' ? addressesOf(database) : [],
        shards: shards.map(({ _id }) => _id),
        replicaSets: topology === 'Sharded' ? shards.map(setOf) : ownSet(database),
        collections: Object.fromEntries(counted.sort(([one], [other]) => one.localeCompare(other))),
        cache: config.cache !== undefined,
      };
    },
  );

  const countRoute = (path: string, hide: boolean): void => {
    app.get<{ Params: { collection: string } }>(
      path,
      {
        schema: {
          hide,
          summary: 'Documents in a collection',
          tags: ['shop'],
          params: {
            type: 'object',
            properties: { collection: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_-]{0,62}$' } },
          },
          response: {
            200: {
              description: 'A collection that is not there has none.',
              type: 'object',
              required: ['collection', 'count'],
              properties: { collection: { type: 'string' }, count: { type: 'integer' } },
            },
            400: schemas.badRequest,
            503: schemas.unavailable,
          },
        },
      },
      async ({ params, url }) => {
        const collection = params.collection ?? url.split('/')[1];
        const signal = deadline();
        const count = await db.collection(collection).countDocuments({}, { signal });
        if (count === 0) await demandShards(database, signal);
        return { collection, count };
      },
    );
  };
  countRoute('/:collection/count', false);
  // `/products/:id` would be nearer than `/:collection/count`.
  countRoute('/products/count', true);
  countRoute('/orders/count', true);
}

function addressesOf(database: Database): readonly string[] {
  return database.servers().map(({ address }) => address);
}

function setOf({ _id, host }: Shard): ReplicaSet {
  const [name = _id, members = ''] = host.split('/');
  return { name, members: members.split(',') };
}

function ownSet(database: Database): readonly ReplicaSet[] {
  const name = database.set();
  return name === undefined ? [] : [{ name, members: addressesOf(database) }];
}
