import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Home } from '../../home.js';
import { allProcesses, type ProcessSigns, processSigns } from '../../machine/process-search.js';
import { commandLine, lookUpProcesses } from '../../machine/process-table.js';
import type { Ending } from './end-servers.js';

/** A process of this lab, found without its record. */
export interface LabProcess extends Ending {
  /** Its data was removed while it ran: there is nothing to shut down cleanly for. */
  readonly dataRemoved: boolean;
}

/**
 * Every process of this home's lab, whatever became of the lab's record or its folder: by the mark in the environment
 * it was started with, and a Redis, which overwrites its environment, by its working directory. Finds nothing where
 * the system does not tell (macOS).
 */
export async function labProcesses(home: Home): Promise<readonly LabProcess[]> {
  const lab = realPath(home.lab);
  const found = (await allProcesses()).flatMap((signs) => {
    const name = signs.pid === process.pid ? undefined : serviceOf(signs, lab);
    return name === undefined ? [] : [{ name, signs }];
  });
  const views = await lookUpProcesses(found.map(({ signs }) => signs.pid));
  const alive = found.flatMap(({ name, signs }) => {
    const view = views.get(signs.pid);
    return view ? [{ name, view, dataRemoved: signs.folderRemoved }] : [];
  });
  return Promise.all(
    alive.map(async ({ name, view, dataRemoved }) => ({
      name,
      process: { pid: view.pid, startedAt: view.startedAt },
      isConfigServer: (await commandLine(view.pid)).includes('--configsvr'),
      dataRemoved,
    })),
  );
}

/** The lab's folder that a process belongs to, by the same signs; undefined where it is of no lab. */
export function labOf({ environment, folder = '', program }: ProcessSigns): string | undefined {
  const marked = environment.get('MSC_LAB');
  if (marked !== undefined) return marked;
  const at = folder.lastIndexOf(`${sep}lab${sep}data${sep}`);
  return overwrites(environment, program) && at >= 0 ? join(folder.slice(0, at), 'lab') : undefined;
}

/**
 * Whether a process that the lab's record names is the lab's: a home that was copied has the record of another lab.
 * One that was moved has servers with the mark of its old place, but their working directories moved with it.
 */
export async function isOfLab(home: Home, pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const lab = realPath(home.lab);
  const signs = await processSigns(pid);
  const marked = signs.environment.get('MSC_LAB');
  return (marked !== undefined && realPath(marked) === lab) || dataFolderOf(signs, lab) !== undefined;
}

/** The service that a process of this lab runs; undefined for any other process. */
function serviceOf(signs: ProcessSigns, lab: string): string | undefined {
  const { environment, program } = signs;
  const marked = environment.get('MSC_LAB');
  if (marked !== undefined)
    return realPath(marked) === lab ? (environment.get('MSC_SERVICE') ?? program) : undefined;
  return overwrites(environment, program) ? dataFolderOf(signs, lab) : undefined;
}

/** The folder of the lab's data that a process works in: `shard1a`. */
function dataFolderOf({ folder }: ProcessSigns, lab: string): string | undefined {
  if (folder === undefined) return undefined;
  const [name = ''] = relative(join(lab, 'data'), folder).split(sep);
  return name === '' || name === '..' ? undefined : name;
}

/** A process whose environment can be read and bears no mark is somebody else's, wherever it works. */
function overwrites(environment: ReadonlyMap<string, string>, program: string): boolean {
  return environment.size === 0 && program === 'redis-server';
}

/** As the system names it, also where it, or a folder above it, is gone. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}
