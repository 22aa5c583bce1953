import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Home } from '../../home.js';
import { dropped } from '../../machine/debug-log.js';
import { ensureFolder } from '../../machine/ensure-folder.js';
import { fileProblem } from '../../machine/file-problem.js';
import { findProcess, identify } from '../../machine/process-table.js';
import { withCheckpointLock } from './checkpoint-lock.js';

/**
 * Notes of work that must not be left half done. Each is a file that names the process at work; one whose process is
 * gone was broken off, and the next command tidies up after it.
 */
type Note = 'hold' | 'restore';

function noteOf(home: Home, note: Note): string {
  return join(home.lab, `${note}.json`);
}

/** Notes that this process holds back the writes of the lab's servers: what is broken off leaves them locked. */
export function noteHold(home: Home): void {
  write(noteOf(home, 'hold'));
}

/** Forgets it, once the servers write again. */
export function forgetHold(home: Home): void {
  rmSync(noteOf(home, 'hold'), { force: true });
}

/** Whether a process died while it held the servers' writes back. */
export function wasHoldBrokenOff(home: Home): Promise<boolean> {
  return wasBrokenOff(noteOf(home, 'hold'));
}

/** Notes that this process replaces the lab's data: what is broken off leaves neither the old nor the new. */
export function noteRestore(home: Home): void {
  write(noteOf(home, 'restore'));
}

/** Forgets it, once the new data is complete. */
export function forgetRestore(home: Home): void {
  rmSync(noteOf(home, 'restore'), { force: true });
}

/** Milliseconds that another process may take to replace the data. */
const restoreWithin = 60_000;

/**
 * Whether a process died, or gave up, while it replaced the lab's data. One that is still at it is waited for: it has the
 * lock of the checkpoints. Throws `checkpoint-busy` where that takes too long.
 */
export async function wasRestoreBrokenOff(home: Home): Promise<boolean> {
  const note = noteOf(home, 'restore');
  if (!existsSync(note)) return false;
  const waiting = { purpose: 'waiting for a restore', patience: restoreWithin };
  return withCheckpointLock(home, waiting, async () => existsSync(note));
}

function write(path: string): void {
  try {
    ensureFolder(dirname(path));
    writeFileAtomic.sync(path, JSON.stringify(identify(process.pid)));
  } catch (cause) {
    throw fileProblem(cause, path);
  }
}

async function wasBrokenOff(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number; startedAt: string };
    return !(await findProcess({ pid, startedAt }));
  } catch (error) {
    dropped(error);
    // Cut off by a full disk or a power cut.
    return true;
  }
}
