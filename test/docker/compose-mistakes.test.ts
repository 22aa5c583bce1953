import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lintStackFile, readStack, readStackFile } from '../../src/lab/compose/stack.js';
import { portOffsetFor } from '../support/ports.js';

// Each broken file is run as a learner would run it, with docker compose alone, so that its symptom is seen; and the
// course names it from the file. The same file, repaired, has neither.

const image = readStack('single-node').services[0]?.image;
let folder: string;
let file: string;
let offset: number;

beforeAll(async () => {
  offset = await portOffsetFor('docker-compose-mistakes');
  folder = await mkdtemp(join(tmpdir(), 'msc-compose-'));
  file = join(folder, 'compose.yaml');
});
beforeEach(() => down());
afterAll(async () => {
  await down();
  await execa('docker', ['volume', 'rm', '--force', ...nameless]);
  await rm(folder, { recursive: true, force: true });
});

const project = `msc-mistakes-${process.pid}`;
/** Volumes without a name, which Compose leaves behind when it replaces a container. */
const nameless = new Set<string>();

async function compose(...args: string[]) {
  const call = (...args: string[]) =>
    execa('docker', ['compose', '-p', project, '-f', file, ...args], { reject: false, stdin: 'ignore' });
  const result = await call(...args);
  if (args[0] === 'up') {
    const containers = (await call('ps', '--all', '--quiet')).stdout.split('\n').filter((id) => id !== '');
    const format = '{{range .Mounts}}{{println .Name}}{{end}}';
    const { stdout } = await execa('docker', ['container', 'inspect', '--format', format, ...containers], {
      reject: false,
    });
    for (const name of stdout.split('\n')) if (/^[0-9a-f]{64}$/.test(name)) nameless.add(name);
  }
  return result;
}

const down = () => compose('down', '--volumes', '--timeout', '3');
const port = (number: number) => String(number + offset);

interface Entry {
  readonly command: string;
  readonly port: string;
  readonly [key: string]: unknown;
}

/** Writes the services as JSON, which YAML reads too. */
async function write(
  services: Readonly<Record<string, Entry>>,
  ...volumes: readonly string[]
): Promise<void> {
  const entries = Object.entries(services).map(([name, { command, port, ...more }]) => [
    name,
    {
      image,
      command: `${command} --port ${port} --bind_ip_all`,
      ports: [`127.0.0.1:${port}:${port}`],
      ...more,
    },
  ]);
  const document = {
    name: 'broken',
    services: Object.fromEntries(entries),
    volumes: Object.fromEntries(volumes.map((name) => [name, null])),
  };
  await writeFile(file, JSON.stringify(document, null, 2));
}

function lint() {
  return lintStackFile(file).map(({ id, text }) => ({ id, text }));
}

/** Compose's own words for a container's state and health: `running`, `healthy`. */
async function stateOf(name: string): Promise<{ state: string; health: string }> {
  const { stdout } = await compose('ps', '--all', '--quiet', name);
  if (stdout === '') return { state: 'none', health: 'none' };
  const format = '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}';
  const [state = '', health = ''] = (
    await execa('docker', ['container', 'inspect', '--format', format, stdout])
  ).stdout.split(' ');
  return { state, health };
}

async function until<T>(what: string, ask: () => Promise<T | undefined>, patience = 45_000): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${patience} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const untilHealth = (name: string, wanted: string) =>
  until(`${name} is ${wanted}`, async () => ((await stateOf(name)).health === wanted ? true : undefined));

async function mongosh(name: string, number: number, script: string): Promise<string> {
  return until(`${name} answers`, async () => {
    const args = ['exec', '--no-TTY', name, 'mongosh', '--quiet', '--port', port(number), '--eval', script];
    const { exitCode, stdout } = await compose(...args);
    return exitCode === 0 ? stdout.trim() : undefined;
  });
}

const checkWith = (...test: readonly string[]) => ({ test, interval: '1s', timeout: '10s', retries: 3 });
const ask = (number: number, question: string) =>
  checkWith('CMD', 'mongosh', '--quiet', '--port', port(number), '--eval', `quit(${question} ? 0 : 1)`);

describe.sequential('mistakes in compose files that only containers have', () => {
  const router = { command: `mongos --configdb configset/config1:PORT`, port: '' };
  const deadlock = (question: string) => ({
    config1: {
      command: 'mongod --configsvr --replSet configset --dbpath /data/db',
      port: port(27101),
      healthcheck: ask(27101, question),
      volumes: ['config1:/data/db'],
    },
    router1: {
      command: router.command.replace('PORT', port(27101)),
      port: port(27017),
      depends_on: { config1: { condition: 'service_healthy' } },
    },
  });

  test('a router that waits for the health of a set that nobody has initiated never starts', async () => {
    await write(deadlock('db.hello().isWritablePrimary'), 'config1');
    expect(lint()).toEqual([
      { id: 'waits-for-learner', text: expect.stringContaining('services.router1.depends_on.config1') },
    ]);
    const { exitCode, stderr } = await compose('up', '--detach');
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/dependency failed to start|is unhealthy/);
    expect(await stateOf('config1')).toEqual({ state: 'running', health: 'unhealthy' });
    expect((await stateOf('router1')).state).toBe('created');

    await write(deadlock('db.hello().ok'), 'config1');
    expect(lint()).toEqual([]);
    expect((await compose('up', '--detach')).exitCode).toBe(0);
    expect((await stateOf('router1')).state).toBe('running');
  });

  test('nobody starts who waits for the health of what has no healthcheck', async () => {
    await write({
      shard1a: { command: 'mongod', port: port(27111) },
      shard2a: {
        command: 'mongod',
        port: port(27121),
        depends_on: { shard1a: { condition: 'service_healthy' } },
      },
    });
    expect(lint()).toEqual([
      {
        id: 'waits-for-no-healthcheck',
        text: expect.stringContaining('services.shard2a.depends_on.shard1a'),
      },
    ]);
    expect((await compose('up', '--detach')).stderr).toMatch(/has no healthcheck configured/);
    expect((await stateOf('shard2a')).state).toBe('created');
  });

  test('services that wait for each other in a circle are refused', async () => {
    const waiting = (other: string, number: number) => ({
      command: 'mongod',
      port: port(number),
      depends_on: [other],
    });
    await write({ shard1a: waiting('shard2a', 27111), shard2a: waiting('shard1a', 27121) });
    expect((await compose('up', '--detach')).stderr).toMatch(/dependency cycle|cycle found/i);
    expect(() => readStackFile(file)).toThrow(/services\.shard1a\.depends_on: 'shard1a' waits.* for itself/);
  });

  test('a config server forgets everything when its volume is not on /data/configdb', async () => {
    const config = (dbpath: string) => ({
      config1: {
        command: `mongod --configsvr --replSet configset${dbpath}`,
        port: port(27101),
        volumes: ['config1:/data/db'],
      },
    });
    const setName = async () => {
      await compose('up', '--detach');
      return mongosh(
        'config1',
        27101,
        'print(db.getSiblingDB("local").system.replset.findOne()?._id ?? "none")',
      );
    };
    const initiate = `rs.initiate({ _id: "configset", configsvr: true, members: [{ _id: 0, host: "config1:${port(27101)}" }] })`;

    await write(config(''), 'config1');
    expect(lint()).toEqual([
      { id: 'volume-beside-data', text: expect.stringContaining('services.config1.volumes.0') },
    ]);
    expect(await setName()).toBe('none');
    await mongosh('config1', 27101, initiate);
    expect(await setName()).toBe('configset');
    await compose('down');
    expect(await setName()).toBe('none');

    await down();
    await write(config(' --dbpath /data/db'), 'config1');
    expect(lint()).toEqual([]);
    await setName();
    await mongosh('config1', 27101, initiate);
    await compose('down');
    expect(await setName()).toBe('configset');
  });

  test('a healthcheck that calls mongo is unhealthy for ever, one that calls mongosh is not', async () => {
    const mongod = (shell: string) => ({
      shard1a: {
        command: 'mongod',
        port: port(27111),
        healthcheck: checkWith('CMD', shell, '--quiet', '--port', port(27111), '--eval', 'db.hello()'),
      },
    });
    await write(mongod('mongo'));
    expect(lint()).toEqual([
      { id: 'healthcheck-without-shell', text: expect.stringContaining('services.shard1a.healthcheck.test') },
    ]);
    await compose('up', '--detach');
    await untilHealth('shard1a', 'unhealthy');
    expect(await mongosh('shard1a', 27111, 'db.hello().ok')).toBe('1');

    await write(mongod('mongosh'));
    expect(lint()).toEqual([]);
    await compose('up', '--detach');
    await untilHealth('shard1a', 'healthy');
  });

  test('a mounted script with CR LF cannot be run', async () => {
    const script = join(folder, 'healthy.sh');
    const save = (end: string) => writeFile(script, ['#!/bin/sh', 'exit 0', ''].join(end), { mode: 0o755 });
    await write({
      shard1a: {
        command: 'mongod',
        port: port(27111),
        volumes: ['./healthy.sh:/healthy.sh:ro'],
        healthcheck: checkWith('CMD', '/healthy.sh'),
      },
    });
    await save('\r\n');
    expect(lint()).toEqual([
      { id: 'carriage-returns', text: expect.stringContaining('services.shard1a.volumes.0') },
    ]);
    await compose('up', '--detach');
    await untilHealth('shard1a', 'unhealthy');

    await save('\n');
    expect(lint()).toEqual([]);
    await compose('up', '--detach', '--force-recreate');
    await untilHealth('shard1a', 'healthy');
  });

  const logs = async (name: string) => (await compose('logs', '--no-color', name)).stdout;
  const untilSaid = (name: string, words: RegExp) =>
    until(`${name} says ${words}`, async () => (words.test(await logs(name)) ? true : undefined));
  const exited = async (name: string) => (await stateOf(name)).state === 'exited';

  test.each([
    ['no-configdb', 'router1', 'mongos', /configdb/],
    [
      'configdb-of-server',
      'shard1a',
      'mongod --shardsvr --replSet shard1 --configdb configset/config1:27101',
      /unrecognised option '--configdb'/,
    ],
  ])('%s ends the server at once', async (id, name, command, words) => {
    await write({ [name]: { command, port: port(27111) } });
    expect(lint().map((finding) => finding.id)).toEqual([id]);
    await compose('up', '--detach');
    await until(`${name} ends`, async () => ((await exited(name)) ? true : undefined));
    await untilSaid(name, words);
  });

  test('of two servers with one volume one ends', async () => {
    const keeping = (number: number) => ({
      command: 'mongod',
      port: port(number),
      volumes: ['shard1a:/data/db'],
    });
    await write({ shard1a: keeping(27111), shard2a: keeping(27121) }, 'shard1a');
    expect(lint()).toEqual([
      { id: 'volume-shared', text: expect.stringContaining('services.shard2a.volumes.0') },
    ]);
    await compose('up', '--detach');
    const ended = await until('one of them ends', async () => {
      if (await exited('shard1a')) return 'shard1a';
      return (await exited('shard2a')) ? 'shard2a' : undefined;
    });
    await untilSaid(ended, /Unable to lock the lock file|DBPathInUse/);
  });

  test('a server on another port than the published one runs, and nobody reaches it', async () => {
    // A mongod answers HTTP with a sentence of its own.
    const reached = async (number: number): Promise<boolean> =>
      fetch(`http://127.0.0.1:${port(number)}`, { signal: AbortSignal.timeout(3_000) }).then(
        ({ ok }) => ok,
        () => false,
      );
    const ports = (number: number) => [`127.0.0.1:${port(number)}:${port(number)}`];
    await write({ shard1a: { command: 'mongod', port: port(27111), ports: ports(27112) } });
    expect(lint()).toEqual([
      { id: 'port-beside-ports', text: expect.stringContaining('services.shard1a.command') },
    ]);
    await compose('up', '--detach');
    expect(await mongosh('shard1a', 27111, 'db.hello().ok')).toBe('1');
    expect(await reached(27112)).toBe(false);

    await write({ shard1a: { command: 'mongod', port: port(27111) } });
    expect(lint()).toEqual([]);
    await compose('up', '--detach');
    await until('shard1a is reached', async () => ((await reached(27111)) ? true : undefined));
  });

  test('a shop that looks for its database on localhost looks in its own container', async () => {
    const [, shop1] = readStack('single-node').services;
    const mounted = shop1?.mounts.find((mount) => mount.kind === 'bind');
    const environment = (host: string) => ({
      MONGODB_URL: `mongodb://${host}:${port(27111)}`,
      HOST: '0.0.0.0',
      PORT: port(8081),
    });
    const services = (host: string) => ({
      shard1a: { command: 'mongod', port: port(27111) },
      // What is added to each command for mongod means nothing to the shop.
      shop1: {
        image: shop1?.image,
        command: 'node /shop/shop.mjs',
        port: port(8081),
        environment: environment(host),
        volumes: [`${mounted?.kind === 'bind' ? mounted.source : ''}:/shop:ro`],
      },
    });
    const status = () =>
      until('the shop answers', async () => {
        const answer = await fetch(`http://127.0.0.1:${port(8081)}/health`).catch(() => undefined);
        return answer && ((await answer.json()) as { status: string }).status;
      });
    await write(services('localhost'));
    expect(lint()).toEqual([
      { id: 'address-of-nobody', text: expect.stringContaining('services.shop1.environment.MONGODB_URL') },
    ]);
    await compose('up', '--detach');
    await mongosh('shard1a', 27111, 'db.hello().ok');
    expect(await status()).toBe('away');

    await write(services('shard1a'));
    expect(lint()).toEqual([]);
    await compose('up', '--detach');
    await until('the shop finds its database', async () => ((await status()) === 'empty' ? true : undefined));
  });
});
