import type { FastifyInstance } from 'fastify';
import type { Abortable, UpdateOptions } from 'mongodb';
import type { Cache } from '../cache/cache.js';
import type { Database } from './database.js';
import { deadline } from './deadline.js';
import { Refusal } from './failure.js';
import * as schemas from './schemas.js';
import { demandShards } from './shards.js';

/** A product as far as orders and prices need it. */
export interface Product {
  readonly _id: string;
  readonly name: string;
  readonly priceCents: number;
}

interface ProductQuery {
  readonly category?: string;
  readonly after?: string;
  readonly limit: number;
}

/** The products, one of them and its price, which go through the cache where there is one. */
export function productRoutes(app: FastifyInstance, database: Database, cache: Cache): void {
  const products = database.db.collection<Product>('products');

  app.get<{ Querystring: ProductQuery }>(
    '/products',
    {
      schema: {
        summary: 'Products, a page at a time',
        tags: ['products'],
        querystring: {
          ...schemas.page,
          properties: {
            ...schemas.page.properties,
            category: { type: 'string' },
            after: { type: 'string', description: 'The last id of the page before.' },
          },
        },
        response: {
          200: { description: 'By id.', type: 'array', items: schemas.product },
          400: schemas.badRequest,
          503: schemas.unavailable,
        },
      },
    },
    async ({ query: { category, after, limit } }) => {
      const signal = deadline();
      const filter = { ...(category && { category }), ...(after && { _id: { $gt: after } }) };
      const found = await products.find(filter, { sort: { _id: 1 }, limit, signal }).toArray();
      if (found.length === 0) await demandShards(database, signal);
      return found.map(shown);
    },
  );

  app.get<{ Params: { id: string } }>(
    '/products/:id',
    {
      schema: {
        summary: 'One product',
        tags: ['products'],
        params: { type: 'object', properties: { id: { type: 'string' } } },
        response: {
          200: { description: 'The product.', ...schemas.product },
          404: schemas.notFound,
          503: schemas.unavailable,
        },
      },
    },
    async ({ params: { id } }) => {
      const signal = deadline();
      const key = `product:${id}`;
      const found = await cache.read(key, async () => {
        const product = await products.findOne({ _id: id }, { signal });
        if (product) return shown(product);
        await demandShards(database, signal);
        return null;
      });
      if (!found) throw new Refusal(404, `There is no product '${id}'.`);
      return found;
    },
  );

  app.put<{ Params: { id: string }; Body: Pick<Product, 'priceCents'> }>(
    '/products/:id/price',
    {
      schema: {
        summary: 'Changes a price',
        tags: ['products'],
        params: { type: 'object', properties: { id: { type: 'string' } } },
        body: schemas.newPrice,
        response: {
          200: { description: 'What it costs from now on.', ...schemas.price },
          400: schemas.badRequest,
          404: schemas.notFound,
          503: { ...schemas.unavailable, description: 'Not confirmed in time. Send it again.' },
        },
      },
    },
    async ({ params: { id }, body: { priceCents } }) => {
      const signal = deadline();
      // The driver heeds the signal of every operation; its types say so of reads only.
      const options: UpdateOptions & Abortable = { writeConcern: { w: 'majority' }, signal };
      const { matchedCount } = await products.updateOne({ _id: id }, { $set: { priceCents } }, options);
      if (matchedCount === 0) {
        await demandShards(database, signal);
        throw new Refusal(404, `There is no product '${id}'.`);
      }
      await cache.wrotePrice(`product:${id}`, priceCents);
      return { id, priceCents };
    },
  );
}

function shown({ _id, ...rest }: Product) {
  return { id: _id, ...rest };
}
