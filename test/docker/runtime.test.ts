import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { spawn as spawnPty } from '@lydell/node-pty';
import { execa } from 'execa';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Home, resolveHome } from '../../src/home.js';
import type { Stack } from '../../src/lab/compose/service.js';
import { readStack } from '../../src/lab/compose/stack.js';
import { openDockerRuntime } from '../../src/lab/docker/runtime.js';
import type { Runtime, ServiceStatus, UpEvent } from '../../src/lab/runtime.js';
import { close, listen, portOffsetFor } from '../support/ports.js';

let home: Home;
let runtime: Runtime;
let single: Stack;
let sharding: Stack;

beforeAll(async () => {
  const portOffset = await portOffsetFor('docker-runtime');
  single = readStack('single-node', { portOffset });
  sharding = readStack('sharding', { portOffset });
  home = resolveHome(await mkdtemp(join(tmpdir(), 'msc-docker-')));
  runtime = await openDockerRuntime(home);
});

afterAll(async () => {
  await runtime.down({ purge: true });
  await rm(home.root, { recursive: true, force: true });
});

async function statusOf(name: string): Promise<ServiceStatus | undefined> {
  return (await runtime.services()).find((service) => service.name === name);
}

async function up(stack: Stack): Promise<readonly UpEvent[]> {
  const events: UpEvent[] = [];
  await runtime.up(stack, (event) => events.push(event));
  return events;
}

/** The last phase that `up` told of each service. */
function lastPhases(events: readonly UpEvent[]): Record<string, string> {
  return Object.fromEntries(
    events.flatMap((event) => (event.kind === 'service' ? [[event.service, event.phase]] : [])),
  );
}

async function withMongo<T>(service: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const options = { directConnection: true, serverSelectionTimeoutMS: 2_000, socketTimeoutMS: 2_000 };
  const client = new MongoClient(`mongodb://${runtime.address(service)}/`, options);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function typed(service: string, script: string): Promise<string> {
  const { file, args } = await runtime.shell(service, { args: ['--eval', script] });
  return (await execa(file, args, { stdin: 'ignore' })).stdout;
}

/** Names of everything in the engine that carries the label of this home. */
async function ours(kind: 'container' | 'network' | 'volume'): Promise<readonly string[]> {
  const filter = ['--filter', `label=mongo-scale-course=${home.root}`, '--quiet'];
  const { stdout } = await execa('docker', [
    kind,
    'ls',
    ...(kind === 'container' ? ['--all'] : []),
    ...filter,
  ]);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Names of the volumes that these containers have, with those that only their image wanted. */
async function volumesMounted(containers: readonly string[]): Promise<readonly string[]> {
  const format = '{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}';
  const { stdout } = await execa('docker', ['container', 'inspect', '--format', format, ...containers]);
  return stdout.split('\n').filter((name) => name !== '');
}

/** Names of all volumes in the engine, those without a label too. */
async function allVolumes(): Promise<readonly string[]> {
  return (await execa('docker', ['volume', 'ls', '--quiet'], { lines: true })).stdout;
}

async function until(what: string, holds: () => Promise<boolean>, patience = 30_000): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${patience} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe.sequential('the docker runtime', () => {
  test('brings up a plain mongod that answers when up says so', async () => {
    const events = await up(single);
    expect(lastPhases(events)).toEqual({ shard1a: 'ready', shop1: 'ready' });
    expect(events.filter((event) => event.kind === 'program').at(-1)).toMatchObject({ phase: 'ready' });
    const status = await statusOf('shard1a');
    expect(status).toMatchObject({ state: 'running', address: runtime.address('shard1a') });
    expect(status?.runs).toMatch(/^mongod \d+\.\d+\.\d+$/);
    expect(Date.parse(status?.since ?? '')).toBeGreaterThan(Date.now() - 60_000);
    await withMongo('shard1a', (client) => client.db('shop').collection('orders').insertOne({ total: 7 }));
    const shop = await fetch(`http://${runtime.address('shop1')}/orders/count`);
    expect(await shop.json()).toEqual({ collection: 'orders', count: 1 });
  });

  test('leaves alone what is the same', async () => {
    const before = await statusOf('shard1a');
    expect(lastPhases(await up(single))).toEqual({ shard1a: 'unchanged', shop1: 'unchanged' });
    expect((await statusOf('shard1a'))?.since).toBe(before?.since);
  });

  test('makes a shard of shard1a on the data it has', async () => {
    const phases = lastPhases(await up(sharding));
    expect(phases).toEqual(Object.fromEntries(sharding.services.map(({ name }) => [name, 'ready'])));
    // Unchanged from stage 1; a member that is not initiated yet can only be read with care, so initiate it first.
    await typed(
      'shard1a',
      `rs.initiate({_id:'shard1',members:[{_id:0,host:'${runtime.peerAddress('shard1a')}'}]})`,
    );
    await until('shard1a is primary', () =>
      withMongo(
        'shard1a',
        async (client) => (await client.db('admin').command({ hello: 1 })).isWritablePrimary,
      ),
    );
    const order = await withMongo('shard1a', (client) => client.db('shop').collection('orders').findOne());
    expect(order).toMatchObject({ total: 7 });
  });

  test('publishes on 127.0.0.1 only', async () => {
    const { stdout } = await execa('ss', ['--listening', '--tcp', '--numeric', '--no-header']);
    const local = stdout.split('\n').map((line) => line.trim().split(/\s+/)[3] ?? '');
    for (const port of sharding.services.flatMap(({ ports }) => ports)) {
      expect(local.filter((address) => address.endsWith(`:${port}`))).toEqual([`127.0.0.1:${port}`]);
    }
  });

  test('lets nodes find each other by name: a set, a shard, a collection over both', async () => {
    for (const [service, set, extra] of [
      ['config1', 'configset', 'configsvr:true,'],
      ['shard2a', 'shard2', ''],
    ] as const) {
      const member = `{_id:0,host:'${runtime.peerAddress(service)}'}`;
      await typed(service, `rs.initiate({_id:'${set}',${extra}members:[${member}]})`);
      await until(`${service} is primary`, () =>
        withMongo(
          service,
          async (client) => (await client.db('admin').command({ hello: 1 })).isWritablePrimary,
        ),
      );
    }
    await until(
      'the router answers',
      async () => (await typed('router1', 'db.hello().msg')) === 'isdbgrid',
      60_000,
    );
    for (const [set, service] of [
      ['shard1', 'shard1a'],
      ['shard2', 'shard2a'],
    ] as const) {
      await typed('router1', `sh.addShard('${set}/${runtime.peerAddress(service)}')`);
    }
    const shards = await withMongo('router1', (client) => client.db('admin').command({ listShards: 1 }));
    expect(shards.shards.map(({ _id, host }: { _id: string; host: string }) => [_id, host])).toEqual([
      ['shard1', `shard1/${runtime.peerAddress('shard1a')}`],
      ['shard2', `shard2/${runtime.peerAddress('shard2a')}`],
    ]);
  });

  test('puts the course files where a shell finds them', async () => {
    expect(await typed('shard2a', `fs.existsSync('${runtime.coursePath('')}')`)).toBe('true');
  });

  test('opens a shell in a terminal, which is left as the learner leaves it', async () => {
    const { file, args } = await runtime.shell('shard1a', { terminal: true });
    const terminal = spawnPty(file, [...args], { cols: 80, rows: 24 });
    let shown = '';
    terminal.onData((data) => {
      shown += data;
    });
    const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
    await until('a prompt', async () => stripVTControlCharacters(shown).includes('test>'));
    terminal.write('db.hello().setName\r');
    await until('the answer', async () => /^shard1\s*$/m.test(stripVTControlCharacters(shown)));
    terminal.write('exit\r');
    expect(await ended).toBe(0);
  });

  test('follows a log', async () => {
    const stop = new AbortController();
    const lines = runtime.logs('shard2a', { tail: 0, follow: true, signal: stop.signal });
    const mark = `mark-${Date.now()}`;
    const seen = (async () => {
      for await (const line of lines) if (line.includes(mark)) return line;
      return undefined;
    })();
    // The server logs what each new connection says of itself, so one that says our mark is found in its log.
    const url = `mongodb://${runtime.address('shard2a')}/?directConnection=true&appName=${mark}`;
    await until('the mark is in the log', async () => {
      const client = new MongoClient(url);
      await client.db('admin').command({ ping: 1 });
      await client.close();
      return (await Promise.race([seen, Promise.resolve('')])) !== '';
    });
    stop.abort();
    expect(JSON.parse((await seen) ?? '{}')).toMatchObject({ c: 'NETWORK' });
  });

  test('stops, starts, pauses and resumes', async () => {
    await runtime.stop('shard2a');
    expect(await statusOf('shard2a')).toMatchObject({ state: 'stopped' });
    await runtime.start('shard2a');
    await withMongo('shard2a', (client) => client.db('admin').command({ ping: 1 }));
    await runtime.pause('shard2a');
    expect(await statusOf('shard2a')).toMatchObject({ state: 'paused' });
    await expect(withMongo('shard2a', (client) => client.db('admin').command({ ping: 1 }))).rejects.toThrow();
    await runtime.resume('shard2a');
    expect(await statusOf('shard2a')).toMatchObject({ state: 'running' });
    await withMongo('shard2a', (client) => client.db('admin').command({ ping: 1 }));
  });

  test('tells a kill of ours from one behind our back, and up heals both', async () => {
    await runtime.kill('shard2a');
    expect(await statusOf('shard2a')).toMatchObject({ state: 'stopped' });
    const [container = ''] = (
      await execa('docker', [
        'ps',
        '--quiet',
        '--filter',
        `publish=${runtime.address('config1').split(':')[1]}`,
      ])
    ).stdout.split('\n');
    await execa('docker', ['kill', container]);
    expect(await statusOf('config1')).toMatchObject({ state: 'dead', detail: 'ended by SIGKILL' });
    const phases = lastPhases(await up(sharding));
    expect(phases).toEqual({
      config1: 'ready',
      shard2a: 'ready',
      shard1a: 'unchanged',
      router1: 'unchanged',
      shop1: 'unchanged',
    });
  });

  test('cuts a node off the network and lets it back', async () => {
    await runtime.isolate?.('shard1a');
    expect(await statusOf('shard1a')).toMatchObject({ state: 'running', detail: 'cut off the network' });
    await expect(withMongo('shard1a', (client) => client.db('admin').command({ ping: 1 }))).rejects.toThrow();
    await runtime.rejoin?.('shard1a');
    await withMongo('shard1a', (client) => client.db('admin').command({ ping: 1 }));
    expect(
      await typed('config1', `new Mongo('${runtime.peerAddress('shard1a')}').getDB('admin').hello().ok`),
    ).toBe('1');
    // Whoever is started is on the network again.
    await runtime.isolate?.('shard1a');
    await runtime.kill('shard1a');
    await runtime.start('shard1a');
    await withMongo('shard1a', (client) => client.db('admin').command({ ping: 1 }));
    // What is left of the fault is healed by up.
    await runtime.isolate?.('shard1a');
    await up(sharding);
    await withMongo('shard1a', (client) => client.db('admin').command({ ping: 1 }));
  });

  test('goes back a stage: what is not in it is stopped, its data kept', async () => {
    const plain = { ...sharding, services: sharding.services.filter(({ name }) => name !== 'shard2a') };
    const phases = lastPhases(await up(plain));
    expect(phases.shard2a).toBe('stopped');
    expect(await statusOf('shard2a')).toBeUndefined();
    await up(sharding);
    const set = await withMongo('shard2a', (client) => client.db('admin').command({ hello: 1 }));
    expect(set).toMatchObject({ setName: 'shard2' });
  });

  test('says which server did not start, and its last words', async () => {
    const broken = {
      ...sharding,
      services: sharding.services.map((service) =>
        service.name === 'shard2a' ? { ...service, args: [...service.args, '--configsvr'] } : service,
      ),
    };
    const failure = await up(broken).catch((cause: Error) => cause);
    expect(failure).toMatchObject({ code: 'service-failed' });
    expect((failure as Error).message).toMatch(
      /^shard2a \(mongod\) ended with exit code \d+ .*shardsvr is not allowed/s,
    );
    expect(await statusOf('shard2a')).toMatchObject({ state: 'dead' });
    await up(sharding);
  });

  test('names who has a port, and up works once it is free', async () => {
    await runtime.down({ purge: false });
    expect(await ours('container')).toEqual([]);
    expect(await statusOf('shard1a')).toMatchObject({ state: 'stopped' });
    const port = Number(runtime.address('shard1a').split(':')[1]);
    const squatter = await listen(port);
    expect(squatter).toBeDefined();
    await expect(up(sharding)).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(`${port}`),
    });
    if (squatter) await close(squatter);
    await up(sharding);
  });

  test('names the lab that has a port', async () => {
    const other = resolveHome(await mkdtemp(join(tmpdir(), 'msc-docker-other-')));
    const second = await openDockerRuntime(other);
    const failure = await second.up(single, () => {}).catch((cause: Error) => cause);
    expect(failure).toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(`the lab in ${home.root}`),
      remedy: expect.stringContaining(`mongo-scale-course down --home ${home.root}`),
    });
    await second.down({ purge: true });
    await rm(other.root, { recursive: true, force: true });
  });

  test('another command finds all of it again', async () => {
    const later = await openDockerRuntime(home);
    expect(later.stack()?.stage).toBe('sharding');
    expect((await later.services()).map(({ state }) => state)).toEqual(
      sharding.services.map(() => 'running'),
    );
  });

  test('down --purge leaves nothing of ours in the engine', async () => {
    for (const kind of ['container', 'network', 'volume'] as const) expect(await ours(kind)).not.toEqual([]);
    const mounted = await volumesMounted(await ours('container'));
    expect(mounted.length).toBeGreaterThan(3);
    const report = await runtime.down({ purge: true });
    expect([...report.stopped].sort()).toEqual(sharding.services.map(({ name }) => name).sort());
    for (const kind of ['container', 'network', 'volume'] as const) expect(await ours(kind)).toEqual([]);
    // Images declare volumes of their own, which have no label.
    const left = await allVolumes();
    expect(mounted.filter((name) => left.includes(name))).toEqual([]);
    expect(runtime.stack()).toBeUndefined();
    expect(await runtime.services()).toEqual([]);
  });
});
