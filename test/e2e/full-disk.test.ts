import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { resolveHome } from '../../src/home.js';
import { openLocalRuntime } from '../../src/lab/local/runtime.js';
import { lookUpProcesses } from '../../src/machine/process-table.js';
import { portOffsetFor } from '../support/ports.js';
import { type Cli, cliIn } from './support/cli.js';

/** Only root may mount a file system, and CI runs as root: there a test that cannot mount must not pass by skipping. */
const canMount = await mountable();
const mayBeSkipped = !process.env.CI;

let disk: string;
let portOffset: number;
let cli: Cli;

async function mountable(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const folder = await mkdtemp(join(tmpdir(), 'msc-mount-'));
  const { exitCode } = await execa('mount', ['-t', 'tmpfs', 'tmpfs', folder], { reject: false });
  if (exitCode === 0) await execa('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
  return exitCode === 0;
}

beforeAll(async () => {
  portOffset = await portOffsetFor('full-disk');
});

beforeEach(async () => {
  if (!canMount) return;
  disk = await mkdtemp(join(tmpdir(), 'msc-disk-'));
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', disk]);
  cli = cliIn({ MSC_HOME: join(disk, 'home') });
});

afterEach(async () => {
  if (!canMount) return;
  await openLocalRuntime(resolveHome(join(disk, 'home'))).down({ purge: true });
  await execa('umount', ['--lazy', disk]);
  await rm(disk, { recursive: true, force: true });
});

/** Leaves not a single block of the disk. */
function fill(): void {
  let size = 64 * 1024 * 1024;
  for (let file = 0; size >= 1; file += 1) {
    try {
      writeFileSync(join(disk, `filler-${file}`), Buffer.alloc(size));
    } catch {
      size = Math.floor(size / 4);
    }
  }
  expect(statfsSync(disk).bfree).toBe(0);
}

test.skipIf(!canMount && mayBeSkipped)(
  'on a full disk a purge ends the servers and frees their space, and progress stays',
  async () => {
    expect(canMount, 'a tmpfs can be mounted').toBe(true);
    const home = resolveHome(join(disk, 'home'));
    expect((await cli('up', 'single-node', '--port-offset', String(portOffset))).exitCode).toBe(0);
    const pids = (await openLocalRuntime(home).services()).flatMap(({ pid = 0 }) => pid);
    mkdirSync(home.root, { recursive: true });
    writeFileSync(home.progress, '{"lessons":{}}');
    fill();

    const refused = await cli('fault', 'kill', 'shard1a');
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain('There is no space left on the disk');
    expect(refused.stderr).toContain('mongo-scale-course down --purge');

    const purged = await cli('down', '--purge');
    expect(purged.stderr).not.toContain('error');
    expect(purged.stdout).toContain('Stopped: shard1a, shop1.');
    expect(purged.exitCode).toBe(0);
    expect((await lookUpProcesses(pids)).size).toBe(0);
    expect(existsSync(home.lab)).toBe(false);
    expect(readFileSync(home.progress, 'utf8')).toBe('{"lessons":{}}');
    expect(statfsSync(disk).bfree).toBeGreaterThan(0);
  },
);

test.skipIf(!canMount && mayBeSkipped)(
  'on a full disk a purge leaves a lab alone that another command is at work on',
  async () => {
    expect(canMount, 'a tmpfs can be mounted').toBe(true);
    const { withLock } = await import('../../src/machine/lock.js');
    const lock = join(disk, 'home', 'lab', 'local.lock');
    const busy = () => new Error('busy');
    await withLock(lock, { purpose: 'up' }, busy, async () => {
      fill();
      const { exitCode, stderr } = await cli('down', '--purge');
      expect(exitCode).toBe(3);
      expect(stderr).toContain('is at work on this lab');
    });
  },
);

test.skipIf(!canMount && mayBeSkipped)(
  'on a full disk no checkpoint is taken, a restore is refused, and goto works again when there is space',
  async () => {
    expect(canMount, 'a tmpfs can be mounted').toBe(true);
    const home = resolveHome(join(disk, 'home'));
    const go = (lesson: string) => cli('goto', lesson, '--port-offset', String(portOffset));
    expect((await go('single-node/load-the-shop')).exitCode).toBe(0);
    const progress = readFileSync(home.progress, 'utf8');
    fill();

    const saved = await cli('checkpoint', 'save', 'full');
    expect([saved.exitCode, saved.stderr]).toEqual([3, expect.stringContaining('no space left')]);
    const back = await go('single-node/first-mongod');
    expect([back.exitCode, back.stderr]).toEqual([3, expect.stringContaining('no space left')]);
    expect(back.stderr).not.toContain('mistake of its own');
    expect(readFileSync(home.progress, 'utf8')).toBe(progress);

    for (const name of readdirSync(disk)) if (name.startsWith('filler-')) rmSync(join(disk, name));
    const again = await go('single-node/first-mongod');
    expect([again.exitCode, again.exitCode === 0 ? '' : again.stderr]).toEqual([0, '']);
    const { checkpoints } = (await cli('checkpoint', 'list', '--json')).json<{
      checkpoints: { name: string }[];
    }>();
    expect(checkpoints.map(({ name }) => name)).not.toContain('full');
    expect(readdirSync(join(home.checkpoints, 'objects')).filter((name) => name.includes('draft'))).toEqual(
      [],
    );
  },
);
