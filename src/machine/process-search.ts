import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { lookUpProcesses, type ProcessView } from './process-table.js';

/** What Linux tells of a process that this user may look into (proc(5)); other systems tell nothing. */
export interface ProcessSigns {
  readonly pid: number;
  /** The variables it was started with. Empty where it has written its title over them, as Redis does. */
  readonly environment: ReadonlyMap<string, string>;
  /** Its working directory; undefined where that may not be read. */
  readonly folder: string | undefined;
  /** The folder was removed since. */
  readonly folderRemoved: boolean;
  /** The name of the program file: `redis-server`. */
  readonly program: string;
}

/** Every process of this machine that this user may look into. */
export async function allProcesses(): Promise<readonly ProcessSigns[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  return Promise.all(pids.map(processSigns));
}

/** The signs of one process; all empty where there is none. */
export async function processSigns(pid: number): Promise<ProcessSigns> {
  const [text, link, program] = await Promise.all([
    readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/cwd`).catch(() => undefined),
    readlink(`/proc/${pid}/exe`).catch(() => ''),
  ]);
  return {
    pid,
    environment: parseEnvironment(text),
    folder: link === undefined ? undefined : withoutRemoved(link),
    folderRemoved: link?.endsWith(removed) ?? false,
    program: basename(withoutRemoved(program)),
  };
}

/** Processes with these variables in the environment they were started with; none where the system does not tell. */
export async function findByEnvironment(
  wanted: Readonly<Record<string, string>>,
): Promise<readonly ProcessView[]> {
  const found = (await allProcesses()).filter(({ environment }) =>
    Object.entries(wanted).every(([name, value]) => environment.get(name) === value),
  );
  return [...(await lookUpProcesses(found.map(({ pid }) => pid))).values()];
}

const removed = ' (deleted)';

function withoutRemoved(link: string): string {
  return link.endsWith(removed) ? link.slice(0, -removed.length) : link;
}

function parseEnvironment(text: string): ReadonlyMap<string, string> {
  const variables = text.split('\0').filter((variable) => variable.includes('='));
  return new Map(
    variables.map((variable) => {
      const at = variable.indexOf('=');
      return [variable.slice(0, at), variable.slice(at + 1)];
    }),
  );
}
