import type { FastifyInstance } from 'fastify';
import type { ShopConfig } from './config.js';
import type { Database } from './database.js';
import { deadline, isLate } from './deadline.js';
import * as schemas from './schemas.js';
import { demandShards } from './shards.js';

type Health = { readonly status: 'serving' | 'empty' } | { readonly status: 'away'; readonly reason: string };

/** Whoever asks wants to know now, not after a customer's patience. */
const healthPatience = 500;
/** Milliseconds for which an answer holds: many may ask, and the database should not notice. */
const holds = 500;

/** `GET /health`: 200 while the shop reaches its data, else 503 with the reason. */
export function healthRoutes(app: FastifyInstance, database: Database, config: ShopConfig): void {
  const look = async (): Promise<Health> => {
    const signal = deadline(healthPatience);
    try {
      const found = await database.db.collection('products').findOne({}, { projection: { _id: 1 }, signal });
      if (found) return { status: 'serving' };
      await demandShards(database, signal);
      return { status: 'empty' };
    } catch (error) {
      const reason = isLate(error) ? `no answer within ${healthPatience} ms` : (error as Error).message;
      return { status: 'away', reason };
    }
  };
  let known: { readonly until: number; readonly health: Promise<Health> } | undefined;
  const current = (): Promise<Health> => {
    const now = performance.now();
    if (known === undefined || now >= known.until) known = { until: now + holds, health: look() };
    return known.health;
  };

  app.get(
    '/health',
    {
      schema: {
        summary: 'Whether the shop can sell',
        tags: ['shop'],
        response: {
          200: { description: 'It reaches its data.', ...schemas.health },
          503: {
            ...schemas.health,
            description: 'It does not.',
            headers: schemas.unavailable.headers,
          },
        },
      },
    },
    async (_, reply) => {
      const health = await current();
      if (health.status === 'away') reply.code(503).header('retry-after', 1);
      return { ...health, topology: database.topology(), instance: config.instance };
    },
  );
}
