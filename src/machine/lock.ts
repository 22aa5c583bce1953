import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem } from '../problem.js';
import { ensureFolder } from './ensure-folder.js';
import { fileProblem } from './file-problem.js';
import type { LockHolder } from './lock-holder.js';
import { pause } from './pause.js';
import { findProcess, lookUpProcesses } from './process-table.js';
import { shellQuoted } from './shell-quoted.js';

export type { LockHolder } from './lock-holder.js';

interface LockOptions {
  readonly purpose: string;
  /** How long to wait for another holder before giving up, in milliseconds; default 0. */
  readonly patience?: number | undefined;
  /** Called once when there is somebody to wait for. */
  readonly onWait?: ((holder: LockHolder) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Work that frees space goes on without the lock where the disk is full: nobody else can take it meanwhile. */
  readonly freesSpace?: boolean | undefined;
}

/**
 * Runs `work` while holding the lock file `path`. Where a live process has it and patience ends,
 * throws what `busy` makes of it. A lock left by a process that has died is taken over. Throws `lock-stuck` where
 * that does not succeed, and `home-not-writable` or `home-damaged` where the file is none that can be read.
 */
export async function withLock<T>(
  path: string,
  options: LockOptions,
  busy: (holder: LockHolder) => Error,
  work: () => Promise<T>,
): Promise<T> {
  const release = await acquire(path, options, busy);
  // A signal ends the process in the midst of its work; who comes next need not find a stale lock.
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** Who holds the lock; undefined when nobody alive does. */
export async function lockHolder(path: string): Promise<LockHolder | undefined> {
  // Asked by each look at the lab, and mostly there is none.
  if (!existsSync(path)) return undefined;
  const holder = await parseHolder(readText(path));
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
  const release = () => rmSync(path, { force: true });
  const deadline = Date.now() + (options.patience ?? 0);
  for (let waited = false; ; ) {
    options.signal?.throwIfAborted();
    if (await createOr(path, mine, options)) return release;
    const found = readText(path);
    const holder = await parseHolder(found);
    const alive = holder && (await findProcess(holder));
    if (!alive && found !== undefined && takeOver(path, found, mine)) return release;
    if (alive && Date.now() >= deadline) throw busy(holder);
    if (!alive && Date.now() >= deadline + 2 * takeoverTime) throw stuck(path);
    if (alive && !waited) options.onWait?.(holder);
    waited ||= alive !== undefined;
    await pause(alive ? 50 : 5, options.signal);
  }
}

/** As `create`, and true as well for work that goes on without the lock. */
async function createOr(path: string, content: string, { freesSpace }: LockOptions): Promise<boolean> {
  try {
    return create(path, content);
  } catch (cause) {
    const isFull = cause instanceof Problem && cause.code === 'disk-full';
    if (!freesSpace || !isFull) throw cause;
    return (await lockHolder(path)) === undefined;
  }
}

let drafts = 0;

/** `link` makes the complete file appear in one step, or fails where there is one. */
function create(path: string, content: string): boolean {
  drafts += 1;
  const draft = `${path}.${process.pid}.${drafts}`;
  ensureFolder(dirname(path));
  try {
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

/** How long a takeover may take before it is sure that its process died in it, in milliseconds. */
const takeoverTime = 5_000;

/**
 * Replaces the lock that a dead process left. Only who has the `.takeover` file may do so, and only while the
 * lock is still the very one that was found stale, so two who find it at once cannot both have it.
 */
function takeOver(path: string, stale: string, mine: string): boolean {
  const claim = `${path}.takeover`;
  if (!create(claim, mine)) {
    const since = statSync(claim, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > takeoverTime) remove(claim);
    return false;
  }
  if (readText(path) === stale) {
    renameSync(claim, path);
    return true;
  }
  rmSync(claim, { force: true });
  return false;
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (cause) {
    throw fileProblem(cause, path);
  }
}

/** What is in the file; undefined where there is none. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileProblem(cause, path);
  }
}

function stuck(path: string): Problem {
  return new Problem('lock-stuck', `The lock ${path} is nobody's and cannot be taken over.`, {
    remedy: `Remove it and try again: rm ${shellQuoted(path)}`,
  });
}

async function parseHolder(text: string | undefined): Promise<LockHolder | undefined> {
  // Only when there is a lock file: the workbench takes its lock before its first frame, and zod takes longer to load.
  const { parseLockHolder } = await import('./lock-holder.js');
  return parseLockHolder(text ?? '');
}
