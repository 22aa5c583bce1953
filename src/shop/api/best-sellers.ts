import type { FastifyInstance } from 'fastify';
import type { Cache } from '../cache/cache.js';
import type { Database } from './database.js';
import { deadline } from './deadline.js';
import * as schemas from './schemas.js';
import { demandShards } from './shards.js';

interface BestSeller {
  readonly _id: string;
  readonly name: string;
  readonly sold: number;
}

/** Milliseconds. All orders are read for it, on every shard: it may take longer than what a customer waits elsewhere. */
const bestSellerPatience = 4_500;
const shown = 10;

/** The page that every customer sees first, and that is the dearest to compute. */
export function bestSellerRoutes(app: FastifyInstance, database: Database, cache: Cache): void {
  app.get(
    '/products/best-sellers',
    {
      schema: {
        summary: 'What was bought most, of all orders there are',
        tags: ['products'],
        response: {
          200: { description: 'The best first.', type: 'array', items: schemas.bestSeller },
          503: schemas.unavailable,
        },
      },
    },
    async () => {
      const found = await cache.read('best-sellers', async () => {
        const signal = deadline(bestSellerPatience);
        const best = await database.db
          .collection('orders')
          .aggregate<BestSeller>(
            [
              { $unwind: '$items' },
              {
                $group: {
                  _id: '$items.productId',
                  name: { $first: '$items.name' },
                  sold: { $sum: '$items.quantity' },
                },
              },
              { $sort: { sold: -1, _id: 1 } },
              { $limit: shown },
            ],
            { signal },
          )
          .toArray();
        if (best.length === 0) await demandShards(database, signal);
        return best.map(({ _id, name, sold }) => ({ id: _id, name, sold }));
      });
      return found ?? [];
    },
  );
}
