import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { resolveHome } from '../../src/home.js';
import { addressesOf } from '../../src/lab/addresses.js';
import type { Stack } from '../../src/lab/compose/service.js';
import { readStack } from '../../src/lab/compose/stack.js';
import { openLocalRuntime } from '../../src/lab/local/runtime.js';
import { openClients } from '../../src/lab/observe/clients.js';
import { openObserver } from '../../src/lab/observe/observer.js';
import type { NodeView } from '../../src/lab/observe/snapshot.js';
import { upstreamsOf } from '../../src/lab/observe/traefik-rawdata.js';
import { prepareWorkspace } from '../../src/lab/workspace/workspace.js';
import { portOffsetFor } from '../support/ports.js';

// What is before the database, without one: the last stage's own servers, quick to start.
const front = ['redis', 'shop1', 'shop2', 'shop3', 'gateway', 'edge'];

const root = await mkdtemp(join(tmpdir(), 'msc-gateway-'));
const home = resolveHome(join(root, 'home'));
const runtime = openLocalRuntime(home);
const clients = openClients(runtime);
const observer = openObserver(runtime, clients);
const whole = readStack('gateway', {
  portOffset: await portOffsetFor('gateway'),
  env: { MSC_WORKSPACE: home.workspace },
});
const stack: Stack = { ...whole, services: whole.services.filter(({ name }) => front.includes(name)) };
const file = (name: string) => join(home.workspace, name);

beforeAll(async () => {
  const coursePath = (name: string) => name;
  prepareWorkspace(home, stack, { ...addressesOf(stack, 'local'), coursePath, workspacePath: file });
  await runtime.up(stack, () => {});
  await vi.waitFor(() => through('gateway', '/live'), { timeout: 20_000 });
});
afterAll(async () => {
  await clients.close();
  await runtime.down({ purge: true });
  await rm(root, { recursive: true, force: true });
});

/** Throws where the answer is no 200. */
async function through(service: string, path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`http://${runtime.address(service)}${path}`, { headers });
  if (response.status !== 200) throw new Error(`${service} says ${response.status}`);
  return { headers: response.headers, text: await response.text() };
}

async function instances(count: number): Promise<readonly string[]> {
  const seen = new Set<string>();
  for (let n = 0; n < count; n += 1)
    seen.add((await through('gateway', '/live')).headers.get('x-shop-instance') ?? '');
  return [...seen].sort();
}

async function node(name: string): Promise<NodeView> {
  return (await observer.look(stack)).nodes.find(({ service }) => service === name) as NodeView;
}

async function upstreams(): Promise<readonly string[]> {
  const { gateway } = await node('gateway');
  const servers = gateway ? upstreamsOf(gateway) : [];
  return servers.map(({ service, up }) => `${service} ${up ? 'up' : 'down'}`).sort();
}

async function register(settings: object): Promise<void> {
  await writeFile(file('shop/registration.json'), JSON.stringify(settings));
}

it('begins with one shop behind the door, and says so', async () => {
  expect(await instances(6)).toEqual(['shop1']);
  await vi.waitFor(async () => expect(await upstreams()).toEqual(['shop1 up']), { timeout: 10_000 });
});

it('takes shops from the registry while they live: they come by themselves, and go when they are killed or end', async () => {
  const rules = await readFile(file('gateway/dynamic.yaml'), 'utf8');
  await writeFile(file('gateway/dynamic.yaml'), rules.replace('service: shop\n', 'service: shop@redis\n'));
  await register({ register: true, ttlSeconds: 3, heartbeatSeconds: 1, healthPath: '/live' });
  const all = ['shop1 up', 'shop2 up', 'shop3 up'];
  await vi.waitFor(async () => expect(await upstreams()).toEqual(all), { timeout: 15_000 });
  expect(await instances(9)).toEqual(['shop1', 'shop2', 'shop3']);

  await runtime.kill('shop2');
  await vi.waitFor(async () => expect(await upstreams()).toEqual(['shop1 up', 'shop3 up']), {
    timeout: 15_000,
  });
  // In order it leaves the registry first, so nobody who is still sent to it is turned away.
  let done = false;
  const stopped = runtime.stop('shop3').finally(() => {
    done = true;
  });
  while (!done) await through('gateway', '/live');
  await stopped;
  await vi.waitFor(async () => expect(await upstreams()).toEqual(['shop1 up']), { timeout: 15_000 });
  await runtime.start('shop2');
  await runtime.start('shop3');
  await vi.waitFor(async () => expect(await upstreams()).toEqual(all), { timeout: 15_000 });
});

it('goes on selling when the registry is gone: the gateway keeps what it knows, the shops say so once', async () => {
  await runtime.kill('redis');
  const away = async () =>
    (await readFile(join(home.logs, 'shop1.log'), 'utf8')).match(/the registry is away/g);
  await vi.waitFor(async () => expect(await away()).toHaveLength(1), { timeout: 10_000 });
  expect(await instances(9)).toEqual(['shop1', 'shop2', 'shop3']);
  await runtime.start('redis');
  // The registry came back empty, and is filled again by the next heartbeats.
  await vi.waitFor(
    async () => expect(await (await clients.redis('redis')).keys('traefik/*/url')).toHaveLength(3),
    {
      timeout: 15_000,
    },
  );
  expect(await away()).toHaveLength(1);
});

it('serves files from the edge, fresh and then old ones, and a basket to its owner only', async () => {
  await writeFile(
    file('edge/cache.conf'),
    `proxy_pass http://origin;
proxy_cache files;
proxy_cache_use_stale error timeout http_502 http_503 http_504;
add_header X-Cache-Status $upstream_cache_status always;
`,
  );
  await runtime.stop('edge');
  await runtime.start('edge');
  const ask = async (path: string, headers = {}) =>
    (await through('edge', path, headers)).headers.get('x-cache-status');
  expect([await ask('/static/logo.svg'), await ask('/static/logo.svg')]).toEqual(['MISS', 'HIT']);
  const banner = async (region: string) =>
    (await through('edge', '/static/banner.svg', { 'x-region': region })).text;
  expect(await banner('eu')).toContain('Europe');
  expect(await banner('us')).toContain('coast');
  expect((await through('edge', '/basket')).text).not.toBe((await through('edge', '/basket')).text);

  await runtime.kill('gateway');
  await vi.waitFor(async () => expect(await ask('/static/logo.svg')).toBe('STALE'), {
    timeout: 15_000,
    interval: 500,
  });
  await runtime.start('gateway');
  const { edge } = await node('edge');
  expect(edge?.recent.filter(({ uri }) => uri === '/static/logo.svg').map(({ cache }) => cache)).toEqual(
    expect.arrayContaining(['MISS', 'HIT', 'STALE']),
  );
});
