import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../problem.js';
import { ensureFolder } from './ensure-folder.js';
import { fileProblem } from './file-problem.js';
import { rotateLog } from './log-file.js';
import { findProcess, identify, type ProcessIdentity } from './process-table.js';

/** How a program is run. */
export interface DetachedCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Files that are written before it starts, by path. */
  readonly files?: Readonly<Record<string, string>> | undefined;
}

/** A process that was just started by this very one, which therefore hears of its end. */
export interface DetachedProcess {
  /** Undefined where the program could not be run at all: `ended` rejects then. */
  readonly identity: ProcessIdentity | undefined;
  /** Resolves when it ends, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/**
 * Starts a program that outlives this process, its output going to `log`. Synchronous, so that its pid can be noted
 * before anything else happens. Throws `disk-full` or `home-not-writable`.
 */
export function startDetached(command: DetachedCommand, log: string): DetachedProcess {
  const child = spawnDetached(command, log);
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'an unknown cause'));
  });
  ended.catch(() => undefined);
  return { identity: child.pid === undefined ? undefined : identify(child.pid), ended };
}

function spawnDetached(command: DetachedCommand, log: string): ChildProcess {
  let output: number | undefined;
  try {
    ensureFolder(command.cwd);
    ensureFolder(dirname(log));
    for (const [path, text] of Object.entries(command.files ?? {})) writeFileSync(path, text);
    rotateLog(log);
    output = openSync(log, 'a');
    const child = spawn(command.file, command.args, {
      cwd: command.cwd,
      env: { ...process.env, ...command.env },
      detached: true,
      stdio: ['ignore', output, output],
    });
    child.unref();
    return child;
  } catch (cause) {
    throw fileProblem(cause, log);
  } finally {
    if (output !== undefined) closeSync(output);
  }
}

/** How long a process has to end by itself after SIGTERM, in milliseconds. */
const grace = 30_000;

/**
 * Ends a process as an operator would: SIGTERM, and SIGKILL only when it has not ended in time.
 * A paused process is resumed first, as it could not end otherwise. Returns how it went.
 */
export async function stopProcess(
  identity: ProcessIdentity,
): Promise<'stopped' | 'killed' | 'was not running'> {
  if (!(await signalProcess(identity, 'SIGTERM'))) return 'was not running';
  await signalProcess(identity, 'SIGCONT');
  if (await ends(identity, grace)) return 'stopped';
  await killProcess(identity);
  return 'killed';
}

/** SIGKILL, and wait until the process is gone; says whether it ran. */
export async function killProcess(identity: ProcessIdentity): Promise<boolean> {
  const ran = await signalProcess(identity, 'SIGKILL');
  if (ran) await ends(identity, grace);
  return ran;
}

/** Sends a signal to the process, but only if it is still the recorded one; says whether it was. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await findProcess(identity))) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ESRCH') return false;
    if (code !== 'EPERM') throw cause;
    throw new Problem('lab-of-another', `Process ${identity.pid} of this lab belongs to another user.`, {
      remedy: 'Run the command as that user, or use a lab of your own with --home FOLDER.',
      cause,
    });
  }
}

/** Waits until the process is in the wanted state of pause; the system needs a moment after the signal. */
export async function untilPaused(identity: ProcessIdentity, paused: boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (Date.now() < deadline) {
    const view = await findProcess(identity);
    if (!view || view.paused === paused) return;
    await delay(5);
  }
}

async function ends(identity: ProcessIdentity, within: number): Promise<boolean> {
  const deadline = Date.now() + within;
  while (await findProcess(identity)) {
    if (Date.now() >= deadline) return false;
    await delay(10);
  }
  return true;
}
