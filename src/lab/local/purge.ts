import { existsSync } from 'node:fs';
import { rename, rm, rmdir } from 'node:fs/promises';
import type { Home } from '../../home.js';
import { dropped } from '../../machine/debug-log.js';
import { Problem } from '../../problem.js';
import type { DownReport, OnService } from '../runtime.js';
import { type Ending, killServers } from './end-servers.js';
import { labProcesses } from './lab-processes.js';
import { liveServices, type RecordedLab } from './live.js';

/**
 * Kills everything of this lab and removes its folder, also where its record is lost or damaged.
 * @param alone runs a task while no other command may change this lab
 */
export async function purge(
  { home, state }: RecordedLab,
  alone: <T>(work: () => Promise<T>) => Promise<T>,
  onProgress?: OnService,
): Promise<DownReport> {
  // Taking the lock makes the folder.
  const removed = existsSync(home.lab) ? [home.lab] : [];
  const stopped = await alone(async () => {
    const killed = await killServers(await everyServer({ home, state }), onProgress);
    await removeLab(home);
    return killed;
  });
  await removePurged(home);
  // A home without progress need not stay.
  await rmdir(home.root).catch(dropped);
  return { stopped, removed };
}

/** Removes what a purge that was killed has left. */
export function removePurged(home: Home): Promise<void> {
  return rm(purgedFolder(home), { recursive: true, force: true });
}

function purgedFolder(home: Home): string {
  return `${home.lab}.purged`;
}

/** Under another name first, in one step: a purge that is killed must not leave a lab of which half the data is gone. */
export async function removeLab(home: Home): Promise<void> {
  await removePurged(home);
  try {
    await rename(home.lab, purgedFolder(home));
  } catch (cause) {
    // A mount point cannot be renamed.
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT') return;
    if (!['EBUSY', 'EXDEV'].includes(code)) throw cause;
    await rm(home.lab, { recursive: true, force: true });
  }
}

/** By the record, and by the signs that every process of the lab bears. */
async function everyServer(lab: RecordedLab): Promise<readonly Ending[]> {
  const found = await labProcesses(lab.home);
  const known = new Set(found.map(({ process }) => process.pid));
  const recorded = [...(await recordedIfReadable(lab))].flatMap(([name, { process }]) =>
    known.has(process.pid) ? [] : [{ name, process }],
  );
  return [...recorded, ...found];
}

async function recordedIfReadable(lab: RecordedLab): ReturnType<typeof liveServices> {
  try {
    return await liveServices(lab);
  } catch (cause) {
    // Only Linux tells of each process which lab it belongs to; elsewhere the record is the only sign.
    const isSpare = process.platform === 'linux' && cause instanceof Problem && cause.code === 'lab-damaged';
    if (!isSpare) throw cause;
    return new Map();
  }
}
