import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Home } from '../home.js';
import { Problem } from '../problem.js';
import { withCheckpointLock } from './checkpoint/checkpoint-lock.js';
import { type Companion, killCompanions } from './companion.js';
import { killServers, stopServers } from './local/end-servers.js';
import { labProcesses } from './local/lab-processes.js';
import { removeLab, removePurged } from './local/purge.js';
import type { DownReport, OnService, Runtime } from './runtime.js';

interface Parts {
  readonly home: Home;
  readonly runtime: Runtime;
  readonly companions: readonly Companion[];
}

/**
 * Ends the lab's companions, then the servers of this home, whatever started them; a purge kills them all.
 * @param options `checkpoints`: a purge removes them too
 */
export async function takeLabDown(
  parts: Parts,
  { checkpoints = false, ...options }: { purge: boolean; checkpoints?: boolean },
  onProgress: OnService = () => {},
): Promise<DownReport> {
  const { checkpoints: folder } = parts.home;
  if (options.purge && existsSync(folder)) await whenIdle(parts.home);
  if (!options.purge || !checkpoints || !existsSync(folder)) return endServers(parts, options, onProgress);
  // First: a home without anything in it goes with its lab.
  await rm(folder, { recursive: true, force: true });
  const report = await endServers(parts, options, onProgress);
  return { ...report, removed: [...report.removed, folder] };
}

/** Milliseconds that a purge waits for a checkpoint that is being taken or restored. */
const idleWithin = 5_000;

/** Waits until no checkpoint is being copied. The purge goes on even if that takes too long or the disk is full. */
async function whenIdle(home: Home): Promise<void> {
  try {
    await withCheckpointLock(home, { purpose: 'purge', patience: idleWithin }, async () => undefined);
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
  }
}

async function endServers(
  { home, runtime, companions }: Parts,
  options: { purge: boolean },
  onProgress: OnService,
): Promise<DownReport> {
  // Its customers would only see the lab go, and a purge wants the folder it writes in.
  await (options.purge ? killCompanions(companions, home) : stopCompanions(companions, home, onProgress));
  if (runtime.kind === 'local') return runtime.down(options, onProgress);
  // Servers of a local lab whose record is gone: Docker is what was found here since.
  const local = await endLocalServers(home, options, onProgress);
  const { stopped, ...report } = await takeContainersDown(home, runtime, { options, onProgress });
  return { stopped: [...local, ...stopped], ...report };
}

/** A purge is possible without Docker, which then keeps what it has. */
async function takeContainersDown(
  home: Home,
  runtime: Runtime,
  { options, onProgress }: { options: { purge: boolean }; onProgress: OnService },
): Promise<DownReport> {
  try {
    return await runtime.down(options, onProgress);
  } catch (cause) {
    const isGone = cause instanceof Problem && unreachable.includes(cause.code);
    if (!options.purge || !isGone) throw cause;
    await removeLab(home);
    await removePurged(home);
    return { stopped: [], removed: [home.lab], kept: `${keptInDocker} (${cause.message})` };
  }
}

/** Problems of an engine that does not answer now, and perhaps never again. */
const unreachable = ['docker-missing', 'docker-not-running', 'docker-silent', 'docker-context'];

const keptInDocker =
  'Docker does not answer, so this lab\u2019s containers and volumes stay there. When it answers again: mongo-scale-course down --purge --runtime docker';

async function endLocalServers(
  home: Home,
  { purge }: { purge: boolean },
  onProgress: OnService,
): Promise<readonly string[]> {
  const servers = await labProcesses(home);
  if (servers.length === 0) return [];
  return purge ? killServers(servers, onProgress) : (await stopServers(servers, onProgress)).stopped;
}

async function stopCompanions(
  companions: readonly Companion[],
  home: Home,
  onProgress: OnService,
): Promise<void> {
  for (const { name, isRunning, stop } of companions) {
    if (!(await isRunning(home))) continue;
    onProgress({ kind: 'service', service: name, phase: 'stopping' });
    await stop(home);
    onProgress({ kind: 'service', service: name, phase: 'stopped' });
  }
}
