import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { resolveHome } from '../../src/home.js';
import { addressesOf } from '../../src/lab/addresses.js';
import type { Stack } from '../../src/lab/compose/service.js';
import { readStack } from '../../src/lab/compose/stack.js';
import { openLocalRuntime } from '../../src/lab/local/runtime.js';
import { prepareWorkspace } from '../../src/lab/workspace/workspace.js';
import { packageRoot } from '../../src/package.js';
import type { CacheReport } from '../../src/shop/cache/cache.js';
import { portOffsetFor } from '../support/ports.js';

// The shop of the caching stage with one Redis, on the one mongod of the first stage: quick to start.
const root = await mkdtemp(join(tmpdir(), 'msc-shop-cache-'));
const home = resolveHome(join(root, 'home'));
const runtime = openLocalRuntime(home);
const options = { portOffset: await portOffsetFor('shop-cache'), env: { MSC_WORKSPACE: home.workspace } };
const [caching, single] = [readStack('caching', options), readStack('single-node', options)];
const serviceOf = ({ services }: Stack, name: string) => {
  const found = services.find((service) => service.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const shop1 = serviceOf(caching, 'shop1');
const { MONGODB_URL = '' } = serviceOf(single, 'shop1').environment;
const stack: Stack = {
  ...caching,
  services: [
    serviceOf(single, 'shard1a'),
    serviceOf(caching, 'redis'),
    { ...shop1, environment: { ...shop1.environment, MONGODB_URL } },
  ],
};
const file = join(home.workspace, 'shop', 'cache.js');
let data: MongoClient;

beforeAll(async () => {
  prepareWorkspace(home, stack, {
    ...addressesOf(stack, 'local'),
    coursePath: (name) => name,
    workspacePath: () => file,
  });
  await runtime.up(stack, () => {});
  data = new MongoClient(`mongodb://${runtime.address('shard1a')}/?directConnection=true`);
  const { products } = createRequire(import.meta.url)(join(packageRoot, 'assets', 'shop', 'shop-data.cjs'));
  await data.db('shop').collection<Document>('products').insertMany(products().slice(0, 20));
});
afterAll(async () => {
  await data?.close();
  await runtime.down({ purge: true });
  await rm(root, { recursive: true, force: true });
});

async function ask(path: string, method = 'GET', body?: object) {
  const response = await fetch(`http://${runtime.address('shop1')}${path}`, {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, body: (await response.json()) as Document };
}
const report = async () => (await ask('/cache')).body as unknown as CacheReport;

/** Saves `cache.js` and waits until the shop has another one than before. */
async function save(text: string): Promise<CacheReport> {
  const { version } = await report();
  await writeFile(file, text);
  await vi.waitFor(async () => expect((await report()).version).not.toBe(version), { timeout: 15_000 });
  return report();
}

const aside = `export const connection = { nodes: ['redis'] };
export async function read(key, load, { redis }) {
  const kept = await redis.get(key);
  if (kept !== null) return JSON.parse(kept);
  const value = await load();
  if (value !== null) await redis.set(key, JSON.stringify(value), 'EX', 60);
  return value;
}
export async function written(key, { redis }) {
  await redis.del(key);
}
`;

test('the file a learner begins with asks MongoDB each time', async () => {
  await vi.waitFor(async () => expect((await report()).redis?.connected).toBe(true), { timeout: 15_000 });
  for (let n = 0; n < 2; n += 1) expect((await ask('/products/PHO-0001')).status).toBe(200);
  const { state, fault, reads } = await report();
  expect({ state, fault }).toEqual({ state: 'on', fault: null });
  expect(reads.product).toMatchObject({ fromCache: { count: 0 }, fromDatabase: { count: 2 } });
});

test('what is kept is the same as what MongoDB has, and ends with a change of price', async () => {
  await save(aside);
  const first = await ask('/products/PHO-0001');
  expect(await ask('/products/PHO-0001')).toEqual(first);
  expect((await ask('/products/PHO-0001/price', 'PUT', { priceCents: 123 })).status).toBe(200);
  expect((await ask('/products/PHO-0001')).body).toMatchObject({ priceCents: 123 });
  expect(await report()).toMatchObject({
    writes: 1,
    stale: 0,
    reads: { product: { fromCache: { count: 1 }, fromDatabase: { count: 2 } } },
  });
});

test('a price that is kept too long is counted as stale', async () => {
  await save(aside.replace('await redis.del(key)', ''));
  await ask('/products/PHO-0002');
  await ask('/products/PHO-0002/price', 'PUT', { priceCents: 1 });
  expect((await ask('/products/PHO-0002')).body.priceCents).not.toBe(1);
  expect(await report()).toMatchObject({ writes: 1, stale: 1 });
});

test.each([
  ['a syntax error', aside.replace('redis.get(key)', 'redis.get(key'), { state: 'broken', line: 3 }],
  ['a fault in use', aside.replace('redis.get', 'redis.gett'), { state: 'on', line: 3 }],
  [
    'an answer that is no answer',
    aside.replace('return JSON.parse(kept)', 'return kept'),
    { state: 'on', line: undefined },
  ],
])('%s is told, with its line, and the shop goes on without the cache', async (_, text, { state, line }) => {
  await save(text);
  for (let n = 0; n < 2; n += 1) {
    const { status, body } = await ask('/products/PHO-0003');
    expect({ status, id: body.id }).toEqual({ status: 200, id: 'PHO-0003' });
  }
  const said = await report();
  expect(said.state).toBe(state);
  expect(said.fault?.message).toBeTruthy();
  expect(said.fault?.line).toBe(line);
});

test('a Redis that is gone is a 503 where cache.js lets it through, and none where it does not', async () => {
  await save(aside);
  await runtime.kill('redis');
  expect(await ask('/products/PHO-0004')).toMatchObject({
    status: 503,
    body: { error: { code: 'cache-failed' } },
  });
  await save(
    aside
      .replace('redis.get(key)', 'redis.get(key).catch(() => null)')
      .replace("'EX', 60)", "'EX', 60).catch(() => {})"),
  );
  expect((await ask('/products/PHO-0004')).status).toBe(200);
  expect((await report()).withoutRedis).toEqual({ served: 1, failed: 0 });
  await runtime.start('redis');
  await vi.waitFor(async () => expect((await report()).redis?.connected).toBe(true), { timeout: 15_000 });
});

test('the file may be replaced by another, as editors do', async () => {
  const copy = join(root, 'other.js');
  await writeFile(copy, `${aside}// another\n`);
  const { version } = await report();
  await cp(copy, file);
  await vi.waitFor(async () => expect((await report()).version).not.toBe(version), { timeout: 15_000 });
});
