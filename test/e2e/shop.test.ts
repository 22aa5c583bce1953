import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stack } from '../../src/lab/compose/service.js';
import { type Clients, openClients } from '../../src/lab/observe/clients.js';
import { type Observer, openObserver } from '../../src/lab/observe/observer.js';
import { packageRoot } from '../../src/package.js';
import { patience } from '../../src/shop/api/deadline.js';
import { portOffsetFor } from '../support/ports.js';
import { openTestLab, type TestLab } from './support/test-lab.js';

/** Milliseconds that an answer may come after its deadline, on a busy machine. */
const busy = 2_500;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Document;
  readonly milliseconds: number;
}

let lab: TestLab;
let shop: string;
let data: MongoClient;
let clients: Clients;
let observer: Observer;

beforeAll(async () => {
  lab = await openTestLab(await portOffsetFor('shop'));
  await lab.lab.up('single-node', () => {});
  shop = `http://${lab.lab.runtime.address('shop1')}`;
  clients = openClients(lab.lab.runtime);
  observer = openObserver(lab.lab.runtime, clients);
  data = new MongoClient(`mongodb://${lab.lab.runtime.address('shard1a')}/?directConnection=true`);
});
afterAll(async () => {
  await clients.close();
  await data.close();
  await lab.close();
});

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const begun = performance.now();
  const response = await fetch(`${shop}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const milliseconds = performance.now() - begun;
  const isJson = response.headers.get('content-type')?.includes('json');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : { text },
    milliseconds,
  };
}
const get = (path: string) => ask('GET', path);
const post = (path: string, body: unknown) => ask('POST', path, body);
const order = (more: object = {}) => ({
  customerId: 7,
  items: [{ productId: 'PHO-0001', quantity: 2 }],
  ...more,
});

/** 503 with a reason and when to come back, and in time. */
function expectUnavailable({ status, headers, body, milliseconds }: Answer): void {
  expect({ status, body }).toEqual({
    status: 503,
    body: {
      error: { code: 'unavailable', message: expect.stringMatching(/^The shop cannot reach its data/) },
    },
  });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(milliseconds).toBeLessThan(patience + busy);
}

async function untilServing(): Promise<void> {
  await expect.poll(async () => (await get('/health')).body.status, { timeout: 30_000 }).toBe('serving');
}

describe.sequential('the shop', () => {
  test('says that it has nothing to sell before it has products', async () => {
    expect(await get('/health')).toMatchObject({
      status: 200,
      body: { status: 'empty', topology: 'Single' },
    });
    expect((await get('/products')).body).toEqual([]);
    const made = createRequire(import.meta.url)(join(packageRoot, 'assets', 'shop', 'shop-data.cjs'));
    const db = data.db('shop');
    await db.collection('products').insertMany(made.products());
    await db.collection('orders').insertMany(made.orders().slice(0, 1_000));
    await untilServing();
  });

  test('answers each request of its OpenAPI document as that says', async () => {
    const { body: openapi } = await get('/docs/json');
    const ajv = new Ajv2020({
      strict: false,
      formats: { 'date-time': (text) => !Number.isNaN(Date.parse(text)) },
    });
    const requests: [string, string, string, number, unknown?][] = [
      ['GET', '/', '/', 200],
      ['GET', '/products', '/products?limit=3', 200],
      ['GET', '/products', '/products?category=phones&after=PHO-0100', 200],
      ['GET', '/products', '/products?limit=1000', 400],
      ['GET', '/products/{id}', '/products/PHO-0001', 200],
      ['GET', '/products/{id}', '/products/PHO-9999', 404],
      ['GET', '/products/best-sellers', '/products/best-sellers', 200],
      ['PUT', '/products/{id}/price', '/products/PHO-0002/price', 200, { priceCents: 1_990 }],
      ['PUT', '/products/{id}/price', '/products/PHO-0002/price', 400, { priceCents: -1 }],
      ['PUT', '/products/{id}/price', '/products/PHO-9999/price', 404, { priceCents: 1_990 }],
      ['GET', '/cache', '/cache', 200],
      ['POST', '/orders', '/orders', 201, order({ id: 'by-the-book', w: 1 })],
      ['POST', '/orders', '/orders', 400, order({ w: 3 })],
      ['GET', '/orders/{id}', '/orders/by-the-book', 200],
      ['GET', '/orders/{id}', '/orders/17', 200],
      ['GET', '/orders/{id}', '/orders/nobodys', 404],
      ['GET', '/{collection}/count', '/orders/count', 200],
      ['GET', '/{collection}/count', '/products/count', 200],
      ['GET', '/{collection}/count', '/carts/count', 200],
      ['GET', '/{collection}/count', '/$cmd/count', 400],
      ['POST', '/users', '/users', 201, { name: 'Ada', age: 36 }],
      ['POST', '/users', '/users', 400, { name: '' }],
      ['GET', '/users', '/users', 200],
      ['GET', '/users', '/users?limit=none', 400],
      ['GET', '/live', '/live', 200],
      ['GET', '/static/{file}', '/static/none.css', 404],
      ['GET', '/basket', '/basket', 200],
      ['GET', '/health', '/health', 200],
      ['GET', '/metrics', '/metrics', 200],
    ];
    for (const [method, route, path, status, body] of requests) {
      const answer = await ask(method, path, body);
      const said = `${method} ${path} ${JSON.stringify(answer.body).slice(0, 200)}`;
      expect(answer.status, said).toBe(status);
      const { content } = openapi.paths[route][method.toLowerCase()].responses[status];
      const type = Object.keys(content)[0] as string;
      expect(answer.headers.get('content-type'), said).toContain(type.split(';')[0]);
      if (!type.includes('json')) continue;
      const valid = ajv.validate(content[type].schema, answer.body);
      expect(valid, `${said}: ${ajv.errorsText()}`).toBe(true);
    }
    const documented = Object.entries(openapi.paths as Record<string, object>).flatMap(([route, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${route}`),
    );
    const asked = requests.map(([method, route]) => `${method} ${route}`);
    expect([...new Set(asked)].sort()).toEqual(documented.sort());
  });

  test('has a page about itself, from its own files', async () => {
    const page = await get('/docs/');
    expect(page.status).toBe(200);
    const files = [...(page.body.text as string).matchAll(/(?:src|href)="(\.\/[^"]+|[^":]+\.(?:js|css))"/g)];
    expect(files.length).toBeGreaterThan(2);
    for (const [, file] of files) {
      const { pathname } = new URL(file as string, `${shop}/docs/`);
      expect((await get(pathname)).status, pathname).toBe(200);
    }
  });

  test('says what it runs on', async () => {
    const { body, headers } = await get('/');
    const { orders, products, users } = body.collections;
    expect(body).toMatchObject({
      instance: 'shop1',
      topology: 'Single',
      routers: [],
      shards: [],
      cache: false,
    });
    expect({ orders, products, users }).toEqual({ orders: 1_001, products: 2_000, users: 1 });
    expect(headers.get('x-shop-instance')).toBe('shop1');
  });

  test('an order is priced by the shop and stored as the others are', async () => {
    const { body } = await post('/orders', order());
    const [made, old] = await Promise.all([
      data.db('shop').collection<Document>('orders').findOne({ _id: body.id }),
      data
        .db('shop')
        .collection<Document>('orders')
        .findOne({ customerId: 7, _id: { $type: 'int' } }),
    ]);
    const product = await data
      .db('shop')
      .collection<Document>('products')
      .findOne({ _id: 'PHO-0001' } as Document);
    expect(Object.keys(made ?? {}).sort()).toEqual(Object.keys(old ?? {}).sort());
    expect(made).toMatchObject({
      customerName: old?.customerName,
      region: old?.region,
      status: 'placed',
      totalCents: 2 * product?.priceCents,
    });
  });

  test.each([
    ['no customer', { items: [] }, 'customerId'],
    ['nothing ordered', order({ items: [] }), 'body/items'],
    ['a product that there is not', order({ items: [{ productId: 'X-1', quantity: 1 }] }), "'X-1'"],
    ['less than one', order({ items: [{ productId: 'PHO-0001', quantity: 0 }] }), 'quantity'],
    ['a customer that there is not', order({ customerId: 1_000_000 }), '1000000'],
    ['an id that is an old order’s', order({ id: '17' }), 'body/id'],
    ['an id that is a query', order({ id: { $gt: '' } }), 'body/id'],
    ['a field that is not known', order({ totalCents: 1 }), 'additional properties'],
  ])('refuses an order with %s, and says why', async (_, body, says) => {
    const before = await data.db('shop').collection('orders').countDocuments();
    const answer = await post('/orders', body);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining(says) } },
    });
    expect(await data.db('shop').collection('orders').countDocuments()).toBe(before);
  });

  test('what is no JSON, and what is nowhere, is said to be so', async () => {
    const body = '{"customerId": 7,';
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${shop}/orders`, { method: 'POST', headers, body })).status).toBe(400);
    expect(await get('/nowhere')).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } });
  });

  test('the same order sent again, and many times at once, is one order', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post('/orders', order({ id: 'again' }))),
    );
    expect(answers.map(({ status, body }) => [status, body.id])).toEqual(answers.map(() => [201, 'again']));
    expect((await get('/orders/again')).body).toMatchObject({ id: 'again', copies: 1 });
  });

  test('its figures can be read, a series a route and not a product', async () => {
    const { text } = (await get('/metrics')).body as { text: string };
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^$|^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? (NaN|[+-]?Inf|[-+\d.e]+))$/);
    }
    expect(text).toMatch(
      /^shop_request_duration_seconds_count\{.*route="\/products\/:id",status="200"\} \d+$/m,
    );
    expect(text).not.toContain('PHO-0001');
  });
});

describe.sequential('its database', () => {
  /** What the map shows of the shop. */
  const seen = async () => {
    const { runtime } = lab.lab;
    const snapshot = await observer.look(runtime.stack() as Stack);
    return snapshot.nodes.find(({ service }) => service === 'shop1')?.shop?.status;
  };
  const untilSeen = (status: string) => expect.poll(seen, { timeout: 30_000 }).toBe(status);
  const pid = async () =>
    (await lab.lab.runtime.services()).find(({ name }) => name === 'shop1')?.pid as number;

  test('is killed and comes back: 503 in time, then orders again, by the same process', async () => {
    const before = await pid();
    await untilSeen('serving');
    await lab.lab.runtime.kill('shard1a');
    const answers = await Promise.all([
      get('/products'),
      get('/orders/17'),
      get('/'),
      post('/orders', order({ id: 'in-the-dark' })),
      post('/users', { name: 'Grace' }),
    ]);
    for (const answer of answers) expectUnavailable(answer);
    expect(await get('/health')).toMatchObject({ status: 503, body: { status: 'away' } });
    expect((await get('/metrics')).status).toBe(200);
    await untilSeen('away');

    await lab.lab.runtime.start('shard1a');
    await untilServing();
    expect((await post('/orders', order({ id: 'in-the-light' }))).status).toBe(201);
    expect((await get('/orders/in-the-dark')).status).toBe(404);
    expect(await pid()).toBe(before);
  });

  test('hangs: 503 in time, and the shop goes on with it', async () => {
    await lab.lab.runtime.pause('shard1a');
    const answers = await Promise.all([get('/products'), post('/orders', order())]);
    for (const answer of answers) expectUnavailable(answer);
    expect(await get('/health')).toMatchObject({ status: 503, body: { status: 'away' } });
    await lab.lab.runtime.resume('shard1a');
    await untilServing();
    expect((await get('/products/PHO-0001')).status).toBe(200);
  });

  test('is not there when the shop starts: it starts all the same, and finds it later', async () => {
    await lab.lab.runtime.stop('shop1');
    await lab.lab.runtime.stop('shard1a');
    await lab.lab.runtime.start('shop1');
    expect(await get('/health')).toMatchObject({ status: 503, body: { topology: 'Unknown' } });
    expectUnavailable(await get('/products'));
    await lab.lab.runtime.start('shard1a');
    await untilServing();
    expect((await get('/products/PHO-0001')).status).toBe(200);
  });
});
