import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Home, resolveHome } from '../../src/home.js';
import type { Stack } from '../../src/lab/compose/service.js';
import { readStackFile } from '../../src/lab/compose/stack.js';
import { findProgram } from '../../src/lab/local/programs/programs.js';
import { openLocalRuntime } from '../../src/lab/local/runtime.js';
import type { ServiceRecord } from '../../src/lab/local/state.js';
import type { Runtime } from '../../src/lab/runtime.js';
import { identify, lookUpProcesses } from '../../src/machine/process-table.js';
import { portOffsetFor } from '../support/ports.js';
import { cliIn } from './support/cli.js';

let folder: string;
let home: Home;
let runtime: Runtime;
let stack: Stack;
let ports: { mongod: number; redis: number };
const strangers: ChildProcess[] = [];

beforeAll(async () => {
  const offset = await portOffsetFor('lost-record');
  ports = { mongod: 27111 + offset, redis: 6379 + offset };
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msc-lost-'));
  home = resolveHome(join(folder, 'home'));
  runtime = openLocalRuntime(home);
  // A mongod shows the mark it was started with. A Redis overwrites its environment.
  writeFileSync(
    join(folder, 'stack.yaml'),
    `name: lost
services:
  shard1a:
    image: mongo:7.0
    command: mongod --port ${ports.mongod} --dbpath /data/db
    ports: ["127.0.0.1:${ports.mongod}:${ports.mongod}"]
    volumes: [shard1a:/data/db]
  redis:
    image: redis:8
    command: redis-server --port ${ports.redis} --save "" --dir /data
    ports: ["127.0.0.1:${ports.redis}:${ports.redis}"]
    volumes: [redis:/data]
volumes:
  shard1a:
  redis:
`,
  );
  stack = readStackFile(join(folder, 'stack.yaml'));
});

afterEach(async () => {
  for (const stranger of strangers.splice(0)) stranger.kill('SIGKILL');
  await openLocalRuntime(home).down({ purge: true });
  await rm(folder, { recursive: true, force: true });
});

const quietly = () => {};
const record = () => join(home.lab, 'local.json');

async function bringUp(): Promise<readonly number[]> {
  await runtime.up(stack, quietly);
  return (await runtime.services()).flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
}

async function alive(pids: readonly number[]): Promise<readonly number[]> {
  return [...(await lookUpProcesses(pids)).keys()];
}

function changeRecord(change: (services: Record<string, ServiceRecord>) => void): void {
  const state = JSON.parse(readFileSync(record(), 'utf8'));
  change(state.services);
  writeFileSync(record(), JSON.stringify(state));
}

/** Servers that go on writing would make files while their folder is removed. */
function whilePaused(work: () => void): void {
  const { services } = JSON.parse(readFileSync(record(), 'utf8')) as {
    services: Record<string, { process?: { pid: number } }>;
  };
  const pids = Object.values(services).flatMap(({ process: found }) => (found ? [found.pid] : []));
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  work();
  for (const pid of pids) process.kill(pid, 'SIGCONT');
}

const losses: Record<string, () => void> = {
  'the home was removed': () =>
    whilePaused(() => rmSync(home.root, { recursive: true, maxRetries: 10, retryDelay: 20 })),
  'the record was removed': () => rmSync(record()),
  'the record is empty': () => writeFileSync(record(), '{"services":{}}'),
  'the record names another pid': () =>
    changeRecord((services) => {
      for (const found of Object.values(services)) if (found.process) found.process.pid = process.pid;
    }),
};

describe.each(Object.entries(losses))('when %s', (_, lose) => {
  test('down ends the servers and says so', async () => {
    const pids = await bringUp();
    expect(pids).toHaveLength(2);
    lose();
    const { stopped } = await openLocalRuntime(home).down({ purge: false });
    expect([...stopped].sort()).toEqual(['redis', 'shard1a']);
    expect(await alive(pids)).toEqual([]);
  });

  test('a purge ends the servers, and up works', async () => {
    const pids = await bringUp();
    lose();
    runtime = openLocalRuntime(home);
    const { stopped } = await runtime.down({ purge: true });
    expect([...stopped].sort()).toEqual(['redis', 'shard1a']);
    expect(await alive(pids)).toEqual([]);
    expect(await bringUp()).toHaveLength(2);
  });

  test('up replaces the servers, which have its ports', async () => {
    const pids = await bringUp();
    lose();
    runtime = openLocalRuntime(home);
    expect(await bringUp()).toHaveLength(2);
    expect(await alive(pids)).toEqual([]);
  });
});

test('a damaged record names a purge as the way out, which ends all servers and reports them', async () => {
  const cli = cliIn({ MSC_HOME: home.root });
  const pids = await bringUp();
  writeFileSync(record(), '');
  await expect(openLocalRuntime(home).down({ purge: false })).rejects.toMatchObject({
    code: 'lab-damaged',
    remedy: expect.stringContaining('mongo-scale-course down --purge'),
  });
  const { exitCode, stdout } = await cli('down', '--purge', '--json');
  expect(exitCode).toBe(0);
  expect([...JSON.parse(stdout).stopped].sort()).toEqual(['redis', 'shard1a']);
  expect(await alive(pids)).toEqual([]);
  expect(existsSync(home.lab)).toBe(false);
});

describe('no other process is ended', () => {
  function stranger(file: string, args: readonly string[], cwd: string): number {
    const child = spawn(file, args, { cwd, stdio: 'ignore', detached: true });
    strangers.push(child);
    return child.pid as number;
  }

  test('neither one that works in the data folder, nor a Redis elsewhere', async () => {
    await bringUp();
    const data = join(home.data, 'shard1a');
    const elsewhere = join(folder, 'lab', 'data', 'redis');
    mkdirSync(elsewhere, { recursive: true });
    const redis = await findProgram('redis-server');
    const pids = [
      stranger('sleep', ['600'], data),
      stranger(
        redis.file,
        ['--port', '0', '--unixsocket', join(folder, 'redis.sock'), '--save', ''],
        elsewhere,
      ),
    ];
    rmSync(record());
    await openLocalRuntime(home).down({ purge: false });
    await openLocalRuntime(home).down({ purge: true });
    expect(await alive(pids)).toEqual(pids);
  });

  test('nor one that the record names with its true start time', async () => {
    await bringUp();
    const pid = stranger('sleep', ['600'], folder);
    changeRecord((services) => {
      for (const found of Object.values(services)) found.process = identify(pid);
    });
    runtime = openLocalRuntime(home);
    await expect(runtime.kill('shard1a')).rejects.toMatchObject({ code: 'service-not-running' });
    await runtime.killAll();
    await runtime.down({ purge: false });
    await runtime.down({ purge: true });
    expect(await alive([pid])).toEqual([pid]);
  });

  test("nor another lab's servers, whose record was copied with the home", async () => {
    const pids = await bringUp();
    const copy = resolveHome(join(folder, 'copy'));
    await cp(home.root, copy.root, { recursive: true });
    const copied = openLocalRuntime(copy);
    await copied.killAll();
    expect((await copied.down({ purge: true })).stopped).toEqual([]);
    expect(await alive(pids)).toEqual(pids);
  });
});

test('a home that was moved keeps its servers', async () => {
  const pids = await bringUp();
  const moved = resolveHome(join(folder, 'moved'));
  const { rename } = await import('node:fs/promises');
  await rename(home.root, moved.root);
  const { stopped } = await openLocalRuntime(moved).down({ purge: true });
  expect([...stopped].sort()).toEqual(['redis', 'shard1a']);
  expect(await alive(pids)).toEqual([]);
});
