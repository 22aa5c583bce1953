import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LessonVerdict } from '../../src/grading/verdict.js';
import type { CheckpointUsage } from '../../src/lab/checkpoint/usage.js';
import { composeWith } from '../../src/lesson/probes/compose-services.js';
import type { CheckpointEntry } from '../../src/replay/saved-checkpoints.js';
import { portOffsetFor } from '../support/ports.js';
import { type Cli, cliIn } from './support/cli.js';

const lesson = 'single-node/load-the-shop';
/** On a busy machine a command that types solutions takes minutes. */
const patience = 570_000;

let folder: string;
let offset: string;
let home: string;
let cli: Cli;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msc-undo-'));
  offset = String(await portOffsetFor('undo'));
  home = join(folder, 'home');
  cli = cliOf(home, offset);
});
afterAll(async () => {
  await cli('down', '--purge');
  for (const name of ['other', 'sharded']) await cliOf(join(folder, name), offset)('down', '--purge');
  await rm(folder, { recursive: true, force: true });
});

function cliOf(ownHome: string, portOffset: string): Cli {
  const run = cliIn({ MSC_HOME: ownHome }, patience);
  return (...args) => {
    const end = args.includes('--') ? args.indexOf('--') : args.length;
    return run(...args.slice(0, end), '--port-offset', portOffset, ...args.slice(end));
  };
}

async function done(running: ReturnType<Cli>) {
  const { exitCode, stdout, stderr, json } = await running;
  expect({ exitCode, stdout: exitCode === 0 ? '' : stdout, stderr: exitCode === 0 ? '' : stderr }).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: '',
  });
  return { stdout, stderr, json };
}

async function states(of: Cli = cli): Promise<readonly string[]> {
  const { checks } = (await of('check', lesson, '--json')).json<LessonVerdict>();
  return checks.map(({ state, observed }) => `${state}: ${observed}`);
}

/** What an expression on the database of the shop gives. */
async function onShop(expression: string, of: Cli = cli): Promise<string> {
  const script = `shop = db.getSiblingDB("shop"); print("=" + ${expression} + "=")`;
  const { stdout } = await done(of('shell', 'shard1a', '--', '--quiet', '--eval', script));
  return /=(.*)=/.exec(stdout)?.[1] ?? stdout;
}

const listed = async (of: Cli = cli) =>
  (await done(of('checkpoint', 'list', '--json'))).json<{ checkpoints: CheckpointEntry[] }>().checkpoints;

const usage = async (of: Cli = cli) =>
  (await done(of('status', '--json'))).json<{ checkpoints: CheckpointUsage }>().checkpoints;

test('without a lesson there is nothing to undo', async () => {
  const { exitCode, json } = await cli('undo', '--json');
  expect(exitCode).toBe(2);
  expect(json()).toMatchObject({ error: { code: 'no-lesson' } });
});

test('a name that cannot be one, and an unknown checkpoint, end 2', async () => {
  for (const name of ['../up', '.hidden', '-', 'a b', 'x'.repeat(65), '']) {
    const { exitCode, stderr } = await cli('checkpoint', 'save', '--', name);
    expect({ name, exitCode, stderr }).toMatchObject({ name, exitCode: 2 });
    expect(stderr).toContain('A name begins with a letter or a digit');
  }
  for (const args of [
    ['restore', 'gone'],
    ['rm', 'gone'],
    ['export', join(folder, 'x.tgz'), 'gone'],
  ]) {
    const { exitCode, stderr } = await cli('checkpoint', ...args);
    expect({ args, exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('"gone"'),
    });
  }
  expect((await cli('checkpoint', 'list')).stdout).toContain('No checkpoints. Take one');
});

test(
  'undo brings the checks and the data back to the start of the lesson, and keeps that it was passed',
  async () => {
    await done(cli('goto', lesson));
    const atStart = await states();
    await done(cli('solve', lesson));
    const solved = await states();
    expect(solved.every((state) => state.startsWith('pass'))).toBe(true);

    const { stdout, stderr } = await done(cli('undo'));
    expect(stderr).toContain(`Restoring the checkpoint of ${lesson}, because the lesson begins again.`);
    expect(stdout).toContain(`The lab is at the start of ${lesson}`);
    expect(await states()).toEqual(atStart);
    expect(await onShop('shop.orders.countDocuments()')).toBe('0');
    const progress = JSON.parse(await readFile(join(home, 'progress.json'), 'utf8'));
    expect(progress.current).toBe(lesson);
    expect(progress.lessons[lesson].passedAt).toBeDefined();
    expect(progress.lessons[lesson].answers).toEqual({});
  },
  2 * patience,
);

test(
  'a saved checkpoint brings back the data and the answers that were there when it was saved',
  async () => {
    await onShop('shop.orders.insertOne({ _id: 1, items: [], totalCents: 0 }).acknowledged');
    await done(cli('answer', lesson, 'black-friday', '7'));
    const before = await states();
    expect(before[1]).toBe('pass: 0 items for 0 cents, total 0');
    const { stdout } = await done(cli('checkpoint', 'save', 'wild'));
    expect(stdout).toContain(`Saved wild: in ${lesson}`);

    const again = await cli('checkpoint', 'save', 'wild');
    expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--force') });
    await done(cli('checkpoint', 'save', 'wild', '--force'));

    await onShop('shop.dropDatabase().ok');
    await done(cli('answer', lesson, 'black-friday', '8'));
    const restored = await done(cli('checkpoint', 'restore', 'wild'));
    expect(restored.stderr).toContain(`Restoring the checkpoint of ${lesson}`);
    expect(restored.stdout).toContain(`The lab is as in the checkpoint wild: in ${lesson}.`);
    expect(await states()).toEqual(before);
    const progress = JSON.parse(await readFile(join(home, 'progress.json'), 'utf8'));
    expect(progress.lessons[lesson].answers).toEqual({ 'black-friday': '7' });

    const entries = await listed();
    expect(entries.find(({ name }) => name === 'wild')).toMatchObject({
      kind: 'saved',
      lesson,
      atStart: false,
      fits: true,
      reason: null,
    });
    const own = entries.find((entry) => entry.kind === 'auto' && entry.lesson === lesson);
    expect(own).toMatchObject({ atStart: true, fits: true });
  },
  2 * patience,
);

test(
  'an exported checkpoint can be restored in another home, whose purge removes it',
  async () => {
    const file = join(folder, 'room.tgz');
    const other = cliOf(join(folder, 'other'), offset);
    const exported = await done(cli('checkpoint', 'export', file));
    expect(exported.stdout).toContain(`holds the checkpoint wild (in ${lesson})`);
    expect(await cli('checkpoint', 'export', file)).toMatchObject({ exitCode: 2 });
    await done(cli('down'));

    const elsewhere = cliOf(join(folder, 'elsewhere'), String(Number(offset) + 1));
    const misfit = await done(elsewhere('checkpoint', 'import', file, '--json'));
    expect(misfit.json()).toMatchObject({
      fits: false,
      reason: expect.stringContaining('ports with offset'),
    });
    const refused = await elsewhere('checkpoint', 'restore', 'wild', '--json');
    expect(refused.exitCode).toBe(3);
    expect(refused.json()).toMatchObject({ error: { code: 'checkpoint-misfit' } });

    await done(other('checkpoint', 'import', file, '--name', 'theirs'));
    expect(await listed(other)).toMatchObject([{ name: 'theirs', kind: 'saved', fits: true }]);
    await done(other('checkpoint', 'restore', 'theirs'));
    expect(await onShop('shop.orders.countDocuments()', other)).toBe('1');
    const doctor = await other('doctor');
    expect(doctor.stdout).toMatch(/checkpoints +1 checkpoint, [\d.]+ MiB of 1024 MiB on the disk/);

    const purged = await done(other('down', '--purge'));
    expect(purged.stdout).toMatch(/Removed with it: 1 checkpoint, [\d.]+ MiB\./);
    expect(existsSync(join(folder, 'other', 'checkpoints'))).toBe(false);
  },
  2 * patience,
);

test(
  'a purge keeps the checkpoints where it is told to, and goto goes on from them',
  async () => {
    expect(await cli('down', '--keep-checkpoints')).toMatchObject({ exitCode: 2 });
    const before = await usage();
    expect(before.count).toBeGreaterThan(1);
    expect(before.bytes).toBeGreaterThan(0);
    const purged = await done(cli('down', '--purge', '--keep-checkpoints'));
    expect(purged.stdout).toMatch(new RegExp(`Kept: ${before.count} checkpoints, [\\d.]+ MiB\\.`));
    expect(await usage()).toEqual(before);
    expect((await done(cli('undo'))).stderr).toContain(`Restoring the checkpoint of ${lesson}`);

    const removed = await done(cli('checkpoint', 'rm', 'wild', '--json'));
    expect(removed.json()).toMatchObject({ removed: ['wild'] });
    expect((await usage()).count).toBe(before.count - 1);
  },
  2 * patience,
);

test(
  'a server that the learner added since does not start on the data of a checkpoint without it',
  async () => {
    await done(cli('down'));
    const sharded = join(folder, 'sharded');
    const inSharded = cliOf(sharded, offset);
    await done(inSharded('up', 'sharding'));
    await done(inSharded('checkpoint', 'save', 'plain'));
    const service = `  shard3a:
    <<: *mongo
    command: mongod --shardsvr --replSet shard3 --port 27131 --bind_ip_all --dbpath /data/db
    ports: ["127.0.0.1:27131:27131"]
    volumes:
      - shard3a:/data/db
`;
    const compose = join(sharded, 'workspace', 'compose.yaml');
    await mkdir(join(sharded, 'workspace'), { recursive: true });
    await writeFile(compose, composeWith(service, 'shard3a'));
    const { stderr } = await done(inSharded('checkpoint', 'restore', 'plain'));
    expect(stderr).toContain('compose.yaml.kept-1');
    expect(stderr).not.toContain('shard3a');
    const { services } = (await done(inSharded('status', '--json'))).json<{ services: { name: string }[] }>();
    expect(services.map(({ name }) => name)).not.toContain('shard3a');
    await done(inSharded('down', '--purge'));
  },
  2 * patience,
);

test('the purge of a damaged lab treats checkpoints as any other purge does', async () => {
  const damaged = join(folder, 'damaged');
  const inDamaged = cliOf(damaged, offset);
  await mkdir(join(damaged, 'lab'), { recursive: true });
  await mkdir(join(damaged, 'checkpoints'));
  await writeFile(join(damaged, 'lab', 'lab.json'), '{');
  await writeFile(join(damaged, 'checkpoints', 'broken.json'), '{');
  await done(inDamaged('down', '--purge', '--keep-checkpoints'));
  expect((await done(inDamaged('checkpoint', 'list'))).stdout).toContain('damaged: its file is not what');
  await done(inDamaged('checkpoint', 'rm', 'broken'));
  await writeFile(join(damaged, 'checkpoints', 'broken.json'), '{');
  await mkdir(join(damaged, 'lab'), { recursive: true });
  await writeFile(join(damaged, 'lab', 'lab.json'), '{');
  await done(inDamaged('down', '--purge'));
  expect(existsSync(join(damaged, 'checkpoints'))).toBe(false);
});
