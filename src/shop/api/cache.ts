import type { FastifyInstance } from 'fastify';
import type { Cache } from '../cache/cache.js';
import * as schemas from './schemas.js';

/** What the shop knows of its cache. */
export function cacheRoutes(app: FastifyInstance, cache: Cache): void {
  app.get(
    '/cache',
    {
      schema: {
        summary: 'What became of reads since cache.js was last loaded, and what is wrong with it',
        tags: ['shop'],
        response: { 200: { description: 'As it is now.', ...schemas.cacheReport } },
      },
    },
    async () => cache.report(),
  );
}
