import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { fileProblem } from './file-problem.js';
import { findProcess, lookUpProcesses } from './process-table.js';

const holderSchema = z.object({ pid: z.number(), startedAt: z.string(), purpose: z.string() });

/** The process that has a lock now, and what for (`up sharding`). */
export type LockHolder = z.infer<typeof holderSchema>;

interface LockOptions {
  readonly purpose: string;
  /** How long to wait for another holder before giving up, in milliseconds; default 0. */
  readonly patience?: number | undefined;
  /** Called once when there is somebody to wait for. */
  readonly onWait?: ((holder: LockHolder) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` while holding the lock file `path`. Where a live process has it and patience ends,
 * throws what `busy` makes of it. A lock left by a process that has died is taken over.
 */
export async function withLock<T>(
  path: string,
  options: LockOptions,
  busy: (holder: LockHolder) => Error,
  work: () => Promise<T>,
): Promise<T> {
  const release = await acquire(path, options, busy);
  try {
    return await work();
  } finally {
    release();
  }
}

/** Who holds the lock; undefined when nobody alive does. */
export async function lockHolder(path: string): Promise<LockHolder | undefined> {
  const holder = readHolder(path);
  return holder && (await findProcess(holder)) ? holder : undefined;
}

async function acquire(
  path: string,
  options: LockOptions,
  busy: (holder: LockHolder) => Error,
): Promise<() => void> {
  const self = (await lookUpProcesses([process.pid])).get(process.pid);
  const mine = JSON.stringify({
    pid: process.pid,
    startedAt: self?.startedAt ?? '',
    purpose: options.purpose,
  });
  const deadline = Date.now() + (options.patience ?? 0);
  for (let waited = false; ; ) {
    options.signal?.throwIfAborted();
    if (tryTake(path, mine)) return () => rmSync(path, { force: true });
    const holder = await lockHolder(path);
    if (!holder) {
      removeStale(path);
      continue;
    }
    if (Date.now() >= deadline) throw busy(holder);
    if (!waited) options.onWait?.(holder);
    waited = true;
    await delay(50, undefined, { signal: options.signal });
  }
}

let attempts = 0;

/** `link` makes the complete file appear in one step, or fails where there is one. */
function tryTake(path: string, content: string): boolean {
  attempts += 1;
  const draft = `${path}.${process.pid}.${attempts}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, content);
    linkSync(draft, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fileProblem(cause, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves the lock aside before looking again, so that of two who find it stale only one removes it. */
function removeStale(path: string): void {
  const aside = `${path}.${process.pid}.stale`;
  const before = readHolder(path);
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  // Somebody was quicker and this is his new lock: give it back.
  if (moved && (moved.pid !== before?.pid || moved.startedAt !== before.startedAt)) {
    try {
      linkSync(aside, path);
    } catch {
      // A third one has it by now; he and the second both believe they have it. Nothing better is possible without flock.
    }
  }
  rmSync(aside, { force: true });
}

function readHolder(path: string): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
