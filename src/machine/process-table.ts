import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Problem } from '../problem.js';

/** A process that exists now. */
export interface ProcessView {
  readonly pid: number;
  /** Tells this process from a later one with the same pid; opaque, to be compared only. */
  readonly startedAt: string;
  /** Stopped by SIGSTOP: alive, but does nothing. */
  readonly paused: boolean;
}

/** What a record keeps of a process to find it again. */
export type ProcessIdentity = Pick<ProcessView, 'pid' | 'startedAt'>;

/**
 * Looks up processes by pid; those that do not exist (or are zombies) are left out.
 * On Linux from /proc (proc(5)), elsewhere with one `ps` for all.
 */
export async function lookUpProcesses(pids: readonly number[]): Promise<ReadonlyMap<number, ProcessView>> {
  const views = process.platform === 'linux' ? pids.map(fromProc) : await fromPs(pids);
  return new Map(views.flatMap((view) => (view ? [[view.pid, view]] : [])));
}

/** The process, where it is still the one that was recorded and not another that got its pid. */
export async function findProcess(identity: ProcessIdentity): Promise<ProcessView | undefined> {
  const view = (await lookUpProcesses([identity.pid])).get(identity.pid);
  return view?.startedAt === identity.startedAt ? view : undefined;
}

/** The identity of a process that was started just now, at once: nothing may happen between its start and its note. */
export function identify(pid: number): ProcessIdentity {
  const view =
    process.platform === 'linux'
      ? fromProc(pid)
      : parsePs(execFileSync('ps', psArguments([pid]), { env: psEnvironment, encoding: 'utf8' }))[0];
  return { pid, startedAt: view?.startedAt ?? 'ended at once' };
}

/** The command line of a process as people know it, '' where the system does not tell. */
export async function commandLine(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    }
    return (await ps(['-o', 'command=', '-p', String(pid)])).trim();
  } catch {
    return '';
  }
}

let boot: string | undefined;

/** Start times on Linux count from the boot, so they mean something only together with it. */
function bootId(): string {
  try {
    boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch (cause) {
    throw new Problem('no-proc', 'This system has no /proc, so the course cannot tell its servers apart.', {
      remedy: 'Mount it: mount -t proc proc /proc',
      cause,
    });
  }
  return boot;
}

// At once: the system answers from memory, and going through the thread pool costs three times as much.
function fromProc(pid: number): ProcessView | undefined {
  const current = bootId();
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'), current);
  } catch {
    return undefined;
  }
}

/**
 * Reads /proc/PID/stat: the state is field 3, the number of threads 20 and the start time 22, after a name that may
 * hold anything. A zombie whose other threads are still ending holds its ports yet, so it is not gone.
 */
export function parseStat(pid: number, stat: string, boot: string): ProcessView | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', threads = '', startTime = ''] = [fields[0], fields[17], fields[19]];
  const gone = state === 'X' || (state === 'Z' && Number(threads) <= 1);
  if (startTime === '' || gone) return undefined;
  return { pid, startedAt: `${boot}/${startTime}`, paused: state === 'T' || state === 't' };
}

async function fromPs(pids: readonly number[]): Promise<readonly (ProcessView | undefined)[]> {
  if (pids.length === 0) return [];
  try {
    return parsePs(await ps(psArguments(pids)));
  } catch {
    return [];
  }
}

/** Reads the lines of `ps -o pid=,state=,lstart=`. */
export function parsePs(text: string): readonly (ProcessView | undefined)[] {
  return text.split('\n').map((line) => {
    const [, pid, state = '', startedAt = ''] = /^\s*(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
    if (pid === undefined || state.startsWith('Z')) return undefined;
    return { pid: Number(pid), startedAt, paused: state.startsWith('T') };
  });
}

function psArguments(pids: readonly number[]): string[] {
  return ['-o', 'pid=,state=,lstart=', '-p', pids.join(',')];
}

/** The start time is compared as text, so it has to be the same text each time. */
const psEnvironment = { ...process.env, LC_ALL: 'C' };

async function ps(args: readonly string[]): Promise<string> {
  const { execa } = await import('execa');
  return (await execa('ps', args, { env: psEnvironment, reject: false })).stdout;
}
