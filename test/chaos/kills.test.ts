import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { openCourseLab } from '../../src/course-lab.js';
import { resolveHome } from '../../src/home.js';
import { isLocked } from '../../src/lab/faults/fsync-locks.js';
import { labProcesses } from '../../src/lab/local/lab-processes.js';
import { openClients } from '../../src/lab/observe/clients.js';
import { packageRoot } from '../../src/package.js';
import { cliIn } from '../e2e/support/cli.js';
import { portOffsetFor } from '../support/ports.js';

const kills = 50;
/** Changed by hand to repeat a run that failed: it is printed. */
const seed = Number(process.env.MSC_KILLS_SEED ?? Date.now() % 100_000);
/** Lines that a learner wrote; wherever the course puts a file in its place, they are kept beside it. */
const own = '# what the learner wrote\n';

const root = mkdtempSync(join(tmpdir(), 'msc-kills-'));
const portOffset = await portOffsetFor('kills');
const env = { MSC_HOME: root, MSC_RUNTIME: 'local', NO_COLOR: '1' };
const cli = cliIn(env, 180_000);
afterAll(async () => {
  await cli('down', '--purge');
  rmSync(root, { recursive: true, force: true });
});

/** Commands that replay, restore, take, save, and purge, and about how long each takes, in milliseconds. */
const commands: readonly (readonly [readonly string[], number])[] = [
  [['goto', 'sharding/shard-sets'], 6_000],
  [['goto', 'single-node/read-a-plan'], 4_000],
  [['goto', 'sharding/config-server'], 5_000],
  [['undo'], 4_000],
  [['checkpoint', 'save', 'mine', '--force'], 1_500],
  [['down', '--purge', '--keep-checkpoints'], 800],
  [['up'], 3_000],
];

/** The same numbers for the same seed (mulberry32). */
function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function runAndKill(args: readonly string[], after: number): Promise<void> {
  const main = join(packageRoot, 'dist', 'src', 'main.js');
  const child = spawn(process.execPath, [main, ...args, '--port-offset', String(portOffset)], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await Promise.race([ended, delay(after)]);
  child.kill('SIGKILL');
  await ended;
}

/** Every file of the workspace that has the learner's lines: the file itself, or a copy that was kept. */
function ownCopies(): readonly string[] {
  const workspace = join(root, 'workspace');
  return readdirSync(workspace).filter((name) => {
    return (
      name.startsWith('compose.yaml') && readFileSync(join(workspace, name), 'utf8').includes(own.trim())
    );
  });
}

async function lockedServers(): Promise<readonly string[]> {
  const lab = await openCourseLab(resolveHome(root), { runtime: 'local' });
  const clients = openClients(lab.runtime);
  try {
    const mongods = (await lab.runtime.services()).filter(({ program }) => program === 'mongod');
    const locked = await Promise.all(mongods.map(({ name }) => isLocked(clients.mongo(name))));
    return mongods.filter((_, index) => locked[index]).map(({ name }) => name);
  } finally {
    await clients.close();
  }
}

test(`a lab outlives kill -9 at ${kills} random moments (seed ${seed})`, { timeout: 1_800_000 }, async () => {
  const random = randomNumbers(seed);
  await cli('goto', 'sharding/shard-sets', '--port-offset', String(portOffset));
  const compose = readFileSync(join(packageRoot, 'compose', 'sharding.yaml'), 'utf8');
  writeFileSync(join(root, 'workspace', 'compose.yaml'), `${compose}${own}`);
  for (let kill = 0; kill < kills; kill += 1) {
    const [args, milliseconds] = commands[Math.floor(random() * commands.length)] ?? [['up'], 1_000];
    const after = Math.round(random() * milliseconds);
    await runAndKill(args, after);

    const where = `kill ${kill}: ${args.join(' ')} after ${after} ms`;
    const target = kill % 2 === 0 ? 'sharding/shard-sets' : 'single-node/read-a-plan';
    const next = await cli('goto', target, '--port-offset', String(portOffset));
    expect([where, next.exitCode, next.exitCode === 0 ? '' : next.stderr]).toEqual([where, 0, '']);
    expect([where, await lockedServers()]).toEqual([where, []]);
    expect([where, ownCopies().length > 0]).toEqual([where, true]);
  }
  await cli('down', '--purge');
  expect(await labProcesses(resolveHome(root))).toEqual([]);
});
