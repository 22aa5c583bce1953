import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { customers } from '../../../assets/shop/shop-data.cjs';
import type { Database } from './database.js';
import { deadline } from './deadline.js';
import { Refusal } from './failure.js';
import type { Product } from './products.js';
import * as schemas from './schemas.js';
import { demandShards } from './shards.js';
import { type Acknowledgement, storeOnce } from './store-once.js';

interface Line {
  readonly productId: string;
  readonly quantity: number;
}

interface NewOrder {
  readonly id?: string;
  readonly customerId: number;
  readonly items: readonly Line[];
  readonly payment: string;
  readonly w: Acknowledgement;
}

/** As assets/shop/shop-data.cjs makes them. Orders from before have numbers as ids, new ones a text. */
interface Order {
  readonly _id: string | number;
  readonly customerId: number;
}

/** `POST /orders` and `GET /orders/:id`. They throw what failure.ts answers with. */
export function orderRoutes(app: FastifyInstance, database: Database): void {
  const orders = database.db.collection<Order>('orders');
  const products = database.db.collection<Product>('products');
  const people = new Map(customers().map((customer) => [customer.id, customer]));

  const priced = async (items: readonly Line[], signal: AbortSignal) => {
    const ids = [...new Set(items.map(({ productId }) => productId))];
    const found = await products
      .find({ _id: { $in: ids } }, { projection: { name: 1, priceCents: 1 }, signal })
      .toArray();
    if (found.length === 0) await demandShards(database, signal);
    const known = new Map(found.map((product) => [product._id, product]));
    return items.map(({ productId, quantity }) => {
      const product = known.get(productId);
      if (!product) throw new Refusal(400, `body/items: there is no product '${productId}'.`);
      return { productId, name: product.name, priceCents: product.priceCents, quantity };
    });
  };

  app.post<{ Body: NewOrder }>(
    '/orders',
    {
      schema: {
        summary: 'Places an order',
        description:
          'Tried again by the shop for a moment, so that a change of primary in good order is not noticed.',
        tags: ['orders'],
        body: schemas.newOrder,
        response: {
          201: {
            description: 'As many members as asked for have it.',
            type: 'object',
            required: ['id'],
            properties: { id: { type: 'string' } },
          },
          400: schemas.badRequest,
          503: {
            ...schemas.unavailable,
            description: 'Not confirmed in time: it may be there or not. Send it again under the same id.',
          },
        },
      },
    },
    async ({ body: { id, customerId, items, payment, w } }, reply) => {
      const signal = deadline();
      const customer = people.get(customerId);
      if (!customer) throw new Refusal(400, `body/customerId: there is no customer ${customerId}.`);
      const lines = await priced(items, signal);
      const order = {
        _id: id ?? randomUUID(),
        customerId,
        customerName: customer.name,
        region: customer.region,
        country: customer.country,
        createdAt: new Date(),
        status: 'placed',
        items: lines,
        totalCents: lines.reduce((sum, { priceCents, quantity }) => sum + priceCents * quantity, 0),
        payment,
      };
      await storeOnce(database.db.collection<typeof order>('orders'), order, { w, signal });
      return reply.code(201).send({ id: order._id });
    },
  );

  app.get<{ Params: { id: string } }>(
    '/orders/:id',
    {
      schema: {
        summary: 'One order',
        tags: ['orders'],
        params: { type: 'object', properties: { id: { type: 'string' } } },
        response: {
          200: { description: 'The order.', ...schemas.order },
          404: schemas.notFound,
          503: schemas.unavailable,
        },
      },
    },
    async ({ params: { id } }) => {
      const signal = deadline();
      const found = await orders.find({ _id: /^\d+$/.test(id) ? Number(id) : id }, { signal }).toArray();
      const [first] = found;
      if (first) {
        const { _id, ...rest } = first;
        return { id: _id, ...rest, copies: found.length };
      }
      await demandShards(database, signal);
      throw new Refusal(404, `There is no order '${id}'.`);
    },
  );
}
