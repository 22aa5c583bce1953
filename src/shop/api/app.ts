import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { type FastifyInstance, fastify, LogController } from 'fastify';
import type { Cache } from '../cache/cache.js';
import { bestSellerRoutes } from './best-sellers.js';
import { cacheRoutes } from './cache.js';
import type { ShopConfig } from './config.js';
import type { Database } from './database.js';
import { patience } from './deadline.js';
import { answerFailure, answerNoRoute } from './failure.js';
import { healthRoutes } from './health.js';
import { refuseForeignHosts } from './host.js';
import { metricsRoutes } from './metrics.js';
import { orderRoutes } from './orders.js';
import { overviewRoutes } from './overview.js';
import { productRoutes } from './products.js';
import { storefrontRoutes } from './storefront.js';
import { userRoutes } from './users.js';

interface AppOptions {
  readonly config: ShopConfig;
  readonly database: Database;
  readonly cache: Cache;
  /** The folder of the files that the page at /docs is made of. */
  readonly docs: string;
}

/** The shop, not listening yet. */
export async function createApp(
  app: FastifyInstance,
  { config, database, cache, docs }: AppOptions,
): Promise<void> {
  app.setErrorHandler(answerFailure);
  app.setNotFoundHandler(answerNoRoute);
  refuseForeignHosts(app);
  app.addHook('onRequest', async (_, reply) => {
    reply.header('x-shop-instance', config.instance).header('x-shop-version', config.version);
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'The shop',
        description: 'The online shop of mongo-scale-course, which fell over on Black Friday.',
        version: '1.0.0',
      },
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', baseDir: docs });
  overviewRoutes(app, database, config);
  productRoutes(app, database, cache);
  bestSellerRoutes(app, database, cache);
  cacheRoutes(app, cache);
  orderRoutes(app, database);
  userRoutes(app, database);
  healthRoutes(app, database, config);
  storefrontRoutes(app, config.storefront);
  metricsRoutes(app);
}

/** A server that logs little: a line a request would fill the disk under the course's traffic. */
export function createServer(): FastifyInstance {
  return fastify({
    logger: true,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 64 * 1024,
    // Longer than any URL that Node reads: whatever the length, the answer is the shop's.
    routerOptions: { maxParamLength: 16 * 1024 },
    // A customer who is slow to ask holds nothing up for long.
    requestTimeout: 10_000,
    // Longer than a gateway keeps a connection that is not in use (Traefik: 90 s): whoever ends it first may end it just
    // when the other sends an order on it, and an order is not sent twice.
    keepAliveTimeout: 120_000,
    // Never needed while each question to the database has its own deadline.
    handlerTimeout: 2 * patience,
    ajv: { customOptions: { removeAdditional: false } },
  });
}
