import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { openPty, type Pty } from '../../workbench/support/pty.js';

/** The program: the built workbench on a made-up lab. */
export const fakeWorkbench = fileURLToPath(
  new URL('../../workbench/support/fake-workbench.mjs', import.meta.url),
);

export interface RunOptions {
  readonly session?: Record<string, unknown>;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Record<string, string | undefined>;
  /** False: not waited for, only for the process. */
  readonly frame?: boolean;
}

/** A workbench run from a shell, as a learner does: what the terminal was before and is after can be compared. */
export interface FakeRun {
  /** A folder of its own, for what the test writes. */
  readonly folder: string;
  open(options?: RunOptions): Promise<Pty>;
  read(name: string): string;
  has(name: string): boolean;
  /** The workbench's own process. */
  pid(): number;
  /** Waits for the end, and compares the terminal with what it was. */
  expectRestored(opened: Pty, code: number): Promise<void>;
  close(): void;
}

export function createFakeRun(): FakeRun {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-'));
  let pty: Pty | undefined;
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  /** What `stty -a` wrote, without the window's size, which is not the workbench's to restore. */
  const modes = (name: string): string => read(name).replace(/rows \d+; columns \d+;/, '');
  return {
    folder,
    read,
    has: (name) => existsSync(join(folder, name)),
    pid: () => Number(read('pid')),
    async open({ session = {}, frame = true, ...options } = {}) {
      const files = { logFile: join(folder, 'course.log'), pidFile: join(folder, 'pid') };
      const script =
        // A Ctrl-C before raw mode is the script's too.
        'trap : INT; stty -a >"$1/before"; "$2" "$3" "$4"; code=$?; stty -a >"$1/after"; echo "ended with $code"';
      const spec = JSON.stringify({ ...files, ...session });
      pty = openPty('bash', ['-c', script, 'sh', folder, process.execPath, fakeWorkbench, spec], options);
      if (!frame) {
        await expect.poll(() => existsSync(files.pidFile) && read('pid'), { interval: 5 }).toMatch(/./);
        return pty;
      }
      await pty.shows('Enter open');
      expect(await pty.state()).toEqual({ screen: 'alternate', cursor: false });
      return pty;
    },
    async expectRestored(opened, code) {
      const text = await opened.shows(`ended with ${code}`);
      expect(await opened.state()).toEqual({ screen: 'normal', cursor: true });
      expect([await opened.marksPastes(), await opened.reportsMouse()]).toEqual([false, false]);
      expect(modes('after')).toBe(modes('before'));
      expect(text).not.toContain('╭');
    },
    close() {
      pty?.close();
      pty = undefined;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until there is no such process. */
export async function expectGone(pid: number): Promise<void> {
  await expect.poll(() => lives(pid), { timeout: 10_000 }).toBe(false);
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
