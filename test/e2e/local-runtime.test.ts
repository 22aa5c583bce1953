import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { MongoClient } from 'mongodb';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Home, resolveHome } from '../../src/home.js';
import type { Stack } from '../../src/lab/compose/service.js';
import { readStack, readStackFile } from '../../src/lab/compose/stack.js';
import { openLocalRuntime } from '../../src/lab/local/runtime.js';
import type { Runtime, ServiceStatus, UpEvent } from '../../src/lab/runtime.js';
import { lookUpProcesses } from '../../src/machine/process-table.js';
import { packageRoot } from '../../src/package.js';
import { close, listen, portOffsetFor } from '../support/ports.js';

let portOffset: number;
let single: Stack;
let sharding: Stack;
let home: Home;
let runtime: Runtime;

beforeAll(async () => {
  portOffset = await portOffsetFor('local-runtime');
  single = readStack('single-node', { portOffset });
  sharding = readStack('sharding', { portOffset });
});

beforeEach(async () => {
  home = resolveHome(await mkdtemp(join(tmpdir(), 'msc-runtime-')));
  runtime = openLocalRuntime(home);
});

afterEach(async () => {
  await openLocalRuntime(home).down({ purge: true });
  await rm(home.root, { recursive: true, force: true });
});

const quietly = () => {};

/** For a process that can be killed. */
const inPackage = (path: string) => pathToFileURL(join(packageRoot, path)).href;

async function statusOf(name: string): Promise<ServiceStatus> {
  const found = (await runtime.services()).find((service) => service.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

async function pids(): Promise<Record<string, number | undefined>> {
  return Object.fromEntries((await runtime.services()).map(({ name, pid }) => [name, pid]));
}

async function withMongo<T>(service: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(`mongodb://${runtime.address(service)}/`, { directConnection: true });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function isAlive(pid: number): Promise<boolean> {
  return (await lookUpProcesses([pid])).has(pid);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  await expect.poll(condition, { timeout: 20_000, interval: 20 }).toBe(true);
}

describe('up', () => {
  test('starts a server that answers, and a second up leaves it alone', async () => {
    const events: UpEvent[] = [];
    await runtime.up(single, (event) => events.push(event));
    const first = await statusOf('shard1a');
    expect(first).toMatchObject({
      state: 'running',
      program: 'mongod',
      address: `127.0.0.1:${27111 + portOffset}`,
    });
    expect(first.runs).toMatch(/^mongod \d+\.\d+\.\d+$/);
    expect(await withMongo('shard1a', (client) => client.db('admin').command({ ping: 1 }))).toMatchObject({
      ok: 1,
    });
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'service', service: 'shard1a', phase: 'ready' }),
    );

    const again: UpEvent[] = [];
    await runtime.up(single, (event) => again.push(event));
    expect((await statusOf('shard1a')).pid).toBe(first.pid);
    expect(again.filter(({ kind }) => kind === 'service').map(({ phase }) => phase)).toEqual([
      'unchanged',
      'unchanged',
    ]);
  });

  test('from one stage to the next and back restarts only what changed, on its data', async () => {
    await runtime.up(single, quietly);
    await withMongo('shard1a', (client) => client.db('shop').collection('orders').insertOne({ total: 42 }));
    const standalone = (await pids()).shard1a;

    await runtime.up(sharding, quietly);
    const asShard = await pids();
    expect(Object.keys(asShard)).toEqual(['config1', 'shard1a', 'shard2a', 'router1', 'shop1']);
    expect(asShard.shard1a).not.toBe(standalone);
    const hello = await withMongo('shard1a', (client) => client.db('admin').command({ hello: 1 }));
    expect(hello).toMatchObject({ isreplicaset: true });
    await withMongo('shard1a', (client) =>
      client.db('admin').command({
        replSetInitiate: { _id: 'shard1', members: [{ _id: 0, host: runtime.peerAddress('shard1a') }] },
      }),
    );
    await until(() =>
      withMongo(
        'shard1a',
        async (client) => (await client.db('admin').command({ hello: 1 })).isWritablePrimary,
      ),
    );
    const total = () =>
      withMongo('shard1a', async (client) => (await client.db('shop').collection('orders').findOne())?.total);
    expect(await total()).toBe(42);

    await runtime.up(sharding, quietly);
    expect(await pids()).toEqual(asShard);

    await runtime.up(single, quietly);
    expect(Object.keys(await pids())).toEqual(['shard1a', 'shop1']);
    for (const pid of Object.values(asShard)) expect(await isAlive(pid as number)).toBe(false);
    expect(await total()).toBe(42);

    await runtime.up(sharding, quietly);
    expect(await total()).toBe(42);
  });

  test('says which process has a port, and offers ports that are free, having touched nothing', async () => {
    await runtime.up(single, quietly);
    const before = await pids();
    const inTheWay = await listen(27121 + portOffset);
    try {
      await expect(runtime.up(sharding, quietly)).rejects.toMatchObject({
        code: 'port-taken',
        message: expect.stringMatching(
          new RegExp(`shard2a needs port ${27121 + portOffset}, but process ${process.pid} `),
        ),
        remedy: expect.stringMatching(/--port-offset \d+000$/),
      });
      expect(await pids()).toEqual(before);
    } finally {
      if (inTheWay) await close(inTheWay);
    }
  });

  test('fails at once, with the last words of a server that does not start and what they mean', async () => {
    const file = join(home.root, 'broken.yaml');
    const port = 27111 + portOffset;
    writeFileSync(
      file,
      `name: broken
services:
  shard1a:
    image: mongo:7.0
    command: mongod --shardsvr --port ${port} --dbpath /data/db
    ports: ["127.0.0.1:${port}:${port}"]
    healthcheck: { test: [NONE] }
`,
    );
    const begun = Date.now();
    const why = expect.stringMatching(/shard1a \(mongod\) ended with exit code 2 .*--replSet/);
    const events: UpEvent[] = [];
    const up = runtime.up(readStackFile(file), (event) => events.push(event));
    await expect(up).rejects.toMatchObject({ code: 'service-failed', message: why });
    expect(events.at(-1)).toMatchObject({ service: 'shard1a', phase: 'failed', detail: why });
    expect(Date.now() - begun).toBeLessThan(15_000);
    expect(await statusOf('shard1a')).toMatchObject({
      state: 'dead',
      detail: expect.stringMatching(/--replSet/),
    });
  });

  test('that is broken off leaves only servers that are known', async () => {
    const abort = new AbortController();
    const spawned = runtime.up(
      sharding,
      (event) => {
        if (event.kind === 'service' && event.phase === 'starting' && event.service === 'router1')
          abort.abort();
      },
      abort.signal,
    );
    await expect(spawned).rejects.toMatchObject({ name: 'AbortError' });
    const { stopped } = await openLocalRuntime(home).down({ purge: false });
    for (const { pid } of await runtime.services()) expect(pid).toBeUndefined();
    expect(stopped).toContain('shard1a');
    expect(await freePorts(sharding)).toBe(true);
  });

  test('of a second command on the same lab is refused while the first is at it', async () => {
    let atWork = () => {};
    const begun = new Promise<void>((resolve) => {
      atWork = resolve;
    });
    const first = runtime.up(single, atWork);
    await begun;
    await expect(openLocalRuntime(home).up(sharding, quietly)).rejects.toMatchObject({
      code: 'lab-busy',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await first;
    expect((await statusOf('shard1a')).state).toBe('running');
  });

  test('that is killed itself leaves servers which the next up finds and goes on with', async () => {
    const script = `
      const { openLocalRuntime } = await import(${JSON.stringify(inPackage('src/lab/local/runtime.ts'))});
      const { resolveHome } = await import(${JSON.stringify(inPackage('src/home.ts'))});
      const { readStack } = await import(${JSON.stringify(inPackage('src/lab/compose/stack.ts'))});
      const stack = readStack('sharding', { portOffset: ${portOffset} });
      await openLocalRuntime(resolveHome(${JSON.stringify(home.root)})).up(stack, (event) => console.log(JSON.stringify(event)));
    `;
    const course = spawn(
      process.execPath,
      ['--import', inPackage('build/typescript.mjs'), '--input-type=module', '-e', script],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    // Its output may end a moment before it does itself, and until then the lab is its.
    const gone = once(course, 'exit');
    for await (const line of createInterface(course.stdout)) {
      const event = JSON.parse(line) as UpEvent;
      if (event.kind === 'service' && event.service === 'router1' && event.phase === 'starting')
        course.kill('SIGKILL');
    }
    await gone;
    const orphans = Object.values(await pids()).filter((pid) => pid !== undefined);
    expect(orphans.length).toBeGreaterThan(0);
    await runtime.up(sharding, quietly);
    const states = (await runtime.services()).map(({ state }) => state);
    expect(states).toEqual(sharding.services.map(() => 'running'));
    expect(Object.values(await pids())).toEqual(expect.arrayContaining(orphans));
    expect((await runtime.down({ purge: false })).stopped).toHaveLength(sharding.services.length);
    expect(await freePorts(sharding)).toBe(true);
  });

  test('takes over a server that was started but could not be noted any more', async () => {
    await runtime.up(single, quietly);
    const { pid } = await statusOf('shard1a');
    const path = join(home.lab, 'local.json');
    const state = JSON.parse(await readFile(path, 'utf8'));
    state.services.shard1a = { launch: state.services.shard1a.launch, wanted: true };
    writeFileSync(path, JSON.stringify(state));
    await openLocalRuntime(home).up(single, quietly);
    expect((await statusOf('shard1a')).pid).toBe(pid);

    writeFileSync(path, JSON.stringify(state));
    expect(await statusOf('shard1a')).toMatchObject({ state: 'running', pid });
    writeFileSync(path, JSON.stringify(state));
    expect((await openLocalRuntime(home).down({ purge: false })).stopped).toContain('shard1a');
    expect(await isAlive(pid as number)).toBe(false);
  });
});

async function freePorts(stack: Stack): Promise<boolean> {
  for (const port of stack.services.flatMap(({ ports }) => ports)) {
    const server = await listen(port);
    if (!server) return false;
    await close(server);
  }
  return true;
}

describe('a server that ends behind our back', () => {
  test('is dead, with its last words, and up starts it again', async () => {
    await runtime.up(single, quietly);
    const { pid } = await statusOf('shard1a');
    process.kill(pid as number, 'SIGKILL');
    await until(async () => (await statusOf('shard1a')).state === 'dead');
    expect((await statusOf('shard1a')).detail).toMatch(/log: /);
    await runtime.up(single, quietly);
    const after = await statusOf('shard1a');
    expect(after.state).toBe('running');
    expect(after.pid).not.toBe(pid);
  });

  test('is not mistaken for another process that got its pid', async () => {
    await runtime.up(single, quietly);
    const { pid } = await statusOf('shard1a');
    process.kill(pid as number, 'SIGKILL');
    await until(async () => !(await isAlive(pid as number)));
    const stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
    try {
      const path = join(home.lab, 'local.json');
      const text = await readFile(path, 'utf8');
      writeFileSync(path, text.replace(`"pid": ${pid}`, `"pid": ${stranger.pid}`));
      expect((await statusOf('shard1a')).state).toBe('dead');
      await runtime.kill('shard1a');
      expect((await runtime.down({ purge: false })).stopped).not.toContain('shard1a');
      expect(await isAlive(stranger.pid as number)).toBe(true);
    } finally {
      stranger.kill('SIGKILL');
    }
  });
});

describe('faults', () => {
  test('stop, start, kill, pause and resume do what they say', async () => {
    await runtime.up(single, quietly);
    await runtime.stop('shard1a');
    expect((await statusOf('shard1a')).state).toBe('stopped');
    await runtime.start('shard1a');
    expect((await statusOf('shard1a')).state).toBe('running');
    await runtime.kill('shard1a');
    expect((await statusOf('shard1a')).state).toBe('stopped');
    await runtime.start('shard1a');
    const { pid } = await statusOf('shard1a');
    await runtime.pause('shard1a');
    expect(await statusOf('shard1a')).toMatchObject({ state: 'paused', pid });
    await runtime.resume('shard1a');
    expect(await statusOf('shard1a')).toMatchObject({ state: 'running', pid });
    await expect(runtime.kill('shard9z')).rejects.toMatchObject({ code: 'unknown-service' });
  });

  test('up resumes a paused server, and down stops one', async () => {
    await runtime.up(single, quietly);
    const { pid } = await statusOf('shard1a');
    await runtime.pause('shard1a');
    await runtime.up(single, quietly);
    expect(await statusOf('shard1a')).toMatchObject({ state: 'running', pid });
    await runtime.pause('shard1a');
    expect(await runtime.down({ purge: false })).toMatchObject({ stopped: ['shard1a', 'shop1'], killed: [] });
  });
});

describe('down', () => {
  test('stops what it started and nothing else, and data stays', async () => {
    const other = resolveHome(await mkdtemp(join(tmpdir(), 'msc-other-')));
    const otherOffset = await portOffsetFor('local-runtime, the other lab');
    const otherRuntime = openLocalRuntime(other);
    try {
      await otherRuntime.up(readStack('single-node', { portOffset: otherOffset }), quietly);
      await expect(
        runtime.up(readStack('single-node', { portOffset: otherOffset }), quietly),
      ).rejects.toMatchObject({
        code: 'port-taken',
        message: expect.stringMatching(/\(mongod of the lab in .*msc-other-/),
        remedy: expect.stringContaining(`down --home ${other.root}, or move`),
      });
      await runtime.up(single, quietly);
      await withMongo('shard1a', (client) => client.db('shop').collection('orders').insertOne({ total: 7 }));
      expect((await runtime.down({ purge: false })).stopped).toEqual(['shard1a', 'shop1']);
      expect((await otherRuntime.services()).map(({ state }) => state)).toEqual(['running', 'running']);
      await runtime.up(single, quietly);
      expect(
        await withMongo('shard1a', (client) => client.db('shop').collection('orders').countDocuments()),
      ).toBe(1);
    } finally {
      await otherRuntime.down({ purge: true });
    }
  });

  test('with purge leaves nothing but progress', async () => {
    await runtime.up(single, quietly);
    const { pid } = await statusOf('shard1a');
    writeFileSync(home.progress, '{}');
    expect((await runtime.down({ purge: true })).removed).toEqual([home.lab]);
    expect(await isAlive(pid as number)).toBe(false);
    expect(readdirSync(home.root)).toEqual(['progress.json']);
    expect(runtime.stack()).toBeUndefined();
    expect(await runtime.services()).toEqual([]);

    await rm(home.progress);
    await runtime.up(single, quietly);
    await runtime.down({ purge: true });
    expect(existsSync(home.root)).toBe(false);
  });
});

describe('other servers', () => {
  test('Redis and a Node program come up in the order they depend on each other, at addresses of this machine', async () => {
    const [redis, shop] = [6379 + portOffset, 8081 + portOffset];
    writeFileSync(
      join(home.root, 'server.js'),
      `require('node:http').createServer((_, response) => response.end(process.env.REDIS_URL)).listen(process.env.PORT, process.env.HOST);`,
    );
    const file = join(home.root, 'other.yaml');
    writeFileSync(
      file,
      `name: other
services:
  shop1:
    image: node:24
    command: [node, /app/server.js]
    ports: ["127.0.0.1:${shop}:${shop}"]
    environment: { PORT: ${shop}, REDIS_URL: "redis://redis:${redis}/0" }
    volumes: [./:/app:ro]
    depends_on: [redis]
    healthcheck: { test: [NONE] }
  redis:
    image: redis:8
    command: redis-server --port ${redis} --save "" --dir /data
    ports: ["127.0.0.1:${redis}:${redis}"]
    volumes: [redis:/data]
    healthcheck: { test: [NONE] }
volumes:
  redis:
`,
    );
    const events: string[] = [];
    await runtime.up(readStackFile(file), (event) => {
      if (event.kind === 'service') events.push(`${event.service} ${event.phase}`);
    });
    expect(events).toEqual(['redis starting', 'redis ready', 'shop1 starting', 'shop1 ready']);
    expect(await (await fetch(`http://${runtime.address('shop1')}/`)).text()).toBe(
      `redis://127.0.0.1:${redis}/0`,
    );
    const cli = await runtime.shell('redis', { args: ['CONFIG', 'GET', 'dir'] });
    expect((await execa(cli.file, cli.args)).stdout).toContain(join(home.data, 'redis'));
    const shell = await runtime.shell('shop1', { args: ['-c', 'echo $MSC_ADDRESS $REDIS_URL'] });
    expect((await execa(shell.file, shell.args, { env: shell.env ?? {} })).stdout).toBe(
      `127.0.0.1:${shop} redis://127.0.0.1:${redis}/0`,
    );
  });
});

describe('what else a lab is asked', () => {
  test('logs ends with what was written last, and follows into the next start', async () => {
    await runtime.up(single, quietly);
    const lines: string[] = [];
    for await (const line of runtime.logs('shard1a', { tail: 3 })) lines.push(line);
    expect(lines).toHaveLength(3);

    const { pid: first } = await statusOf('shard1a');
    const abort = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const line of runtime.logs('shard1a', { tail: 0, follow: true, signal: abort.signal }))
        seen.push(line);
    })();
    const shows = (text: string) => until(async () => seen.some((line) => line.includes(text)));
    await withMongo('shard1a', (client) => client.db('admin').command({ ping: 1 }));
    await shows('Connection accepted');
    await runtime.stop('shard1a');
    await runtime.start('shard1a');
    const { pid: second } = await statusOf('shard1a');
    expect(second).not.toBe(first);
    await shows(`"pid":${second}`);
    abort.abort();
    await following;
  });

  test('a shell is an invocation that reaches the service', async () => {
    await runtime.up(single, quietly);
    const { file, args } = await runtime.shell('shard1a', {
      args: ['--quiet', '--eval', 'print(db.hello().ok)'],
    });
    expect((await execa(file, args)).stdout.trim()).toBe('1');
  });
});
