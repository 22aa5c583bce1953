/** JSON schemas of what comes in and goes out: Fastify validates and serialises by them, and /docs shows them. */

const text = { type: 'string' } as const;
const cents = { type: 'integer', minimum: 0, description: 'Whole cents.' } as const;
const moment = { type: 'string', format: 'date-time' } as const;

const failure = {
  type: 'object',
  required: ['error'],
  properties: {
    error: { type: 'object', required: ['code', 'message'], properties: { code: text, message: text } },
  },
} as const;

export const badRequest = { description: 'Something in the request is wrong.', ...failure } as const;
export const notFound = { description: 'There is no such thing.', ...failure } as const;
export const unavailable = {
  description: 'The database is away, or does not answer in time. Try again after Retry-After.',
  headers: { 'Retry-After': { type: 'integer', description: 'Seconds.' } },
  ...failure,
} as const;

export const product = {
  type: 'object',
  required: ['id', 'name', 'priceCents'],
  properties: {
    id: text,
    name: text,
    brand: text,
    category: text,
    priceCents: cents,
    stock: { type: 'integer' },
    rating: { type: 'number' },
    reviews: { type: 'integer' },
    active: { type: 'boolean' },
    addedAt: moment,
  },
} as const;

export const newPrice = {
  type: 'object',
  required: ['priceCents'],
  additionalProperties: false,
  properties: { priceCents: cents },
} as const;

export const price = {
  type: 'object',
  required: ['id', 'priceCents'],
  properties: { id: text, priceCents: cents },
} as const;

export const bestSeller = {
  type: 'object',
  required: ['id', 'name', 'sold'],
  properties: { id: text, name: text, sold: { type: 'integer' } },
} as const;

/** What is in it is `CacheReport` (src/shop/cache/cache.ts). */
export const cacheReport = {
  type: 'object',
  required: ['state'],
  additionalProperties: true,
  properties: { state: { type: 'string', enum: ['off', 'on', 'broken'] } },
} as const;

const orderLine = {
  type: 'object',
  required: ['productId', 'name', 'priceCents', 'quantity'],
  properties: { productId: text, name: text, priceCents: cents, quantity: { type: 'integer' } },
} as const;

export const order = {
  type: 'object',
  required: ['id', 'customerId', 'items', 'copies'],
  properties: {
    id: { type: ['string', 'integer'] },
    customerId: { type: 'integer' },
    customerName: text,
    region: text,
    country: text,
    createdAt: moment,
    status: text,
    items: { type: 'array', items: orderLine },
    totalCents: cents,
    payment: text,
    copies: {
      type: 'integer',
      description:
        'How many documents have this id. More than one is one too many: only a shard knows its own ids.',
    },
  },
} as const;

export const newOrder = {
  type: 'object',
  required: ['customerId', 'items'],
  additionalProperties: false,
  properties: {
    id: {
      type: 'string',
      // Digits alone are the numbers of the orders from before Black Friday.
      pattern: '^(?![0-9]+$)[A-Za-z0-9_-]{1,64}$',
      description:
        'The same order sent again under the same id is one order. Without it the shop makes one up.',
    },
    customerId: { type: 'integer', minimum: 1 },
    items: {
      type: 'array',
      minItems: 1,
      maxItems: 50,
      items: {
        type: 'object',
        required: ['productId', 'quantity'],
        additionalProperties: false,
        properties: { productId: text, quantity: { type: 'integer', minimum: 1, maximum: 100 } },
      },
    },
    payment: { type: 'string', enum: ['card', 'transfer', 'wallet'], default: 'card' },
    w: {
      enum: [1, 'majority'],
      default: 'majority',
      description:
        'How many members of the replica set must have the order before the shop says yes: the primary alone (1), or a majority, so that no election can lose it.',
    },
  },
} as const;

export const user = {
  type: 'object',
  required: ['id', 'name'],
  properties: { id: text, name: text, age: { type: 'integer' } },
} as const;

export const newUser = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100 },
    age: { type: 'integer', minimum: 0, maximum: 150 },
  },
} as const;

export const page = {
  type: 'object',
  additionalProperties: false,
  properties: { limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
} as const;

const replicaSet = {
  type: 'object',
  required: ['name', 'members'],
  properties: { name: text, members: { type: 'array', items: text } },
} as const;

const topology = {
  type: 'string',
  enum: ['Single', 'ReplicaSet', 'Sharded', 'Unknown'],
  description: 'What the shop is connected to, as the driver sees it.',
} as const;

export const overview = {
  type: 'object',
  required: ['instance', 'database', 'topology', 'routers', 'shards', 'replicaSets', 'collections', 'cache'],
  properties: {
    instance: text,
    database: text,
    topology,
    routers: { type: 'array', items: text },
    shards: { type: 'array', items: text },
    replicaSets: { type: 'array', items: replicaSet },
    collections: {
      type: 'object',
      additionalProperties: { type: 'integer' },
      description: 'Documents in each collection.',
    },
    cache: { type: 'boolean' },
  },
} as const;

export const health = {
  type: 'object',
  required: ['status', 'topology', 'instance'],
  properties: {
    status: {
      type: 'string',
      enum: ['serving', 'empty', 'away'],
      description:
        'serving: has products to sell. empty: reaches its data, and there are none. away: cannot.',
    },
    topology,
    instance: text,
    reason: text,
  },
} as const;
