import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Home } from '../home.js';
import { dockerAnswers } from './docker/detect.js';
import { openLocalRuntime } from './local/runtime.js';
import type { DownReport, OnService } from './runtime.js';

/**
 * Purges a lab whose own record cannot be read any more, by the signs that everything of it bears: processes by their
 * environment and folder (Linux; elsewhere the system does not tell), containers by their label.
 * @param options `checkpoints`: removes them too
 */
export async function purgeDamagedLab(
  home: Home,
  { checkpoints = false }: { checkpoints?: boolean } = {},
  onProgress?: OnService,
): Promise<DownReport> {
  const shelf = checkpoints && existsSync(home.checkpoints) ? [home.checkpoints] : [];
  for (const folder of shelf) await rm(folder, { recursive: true, force: true });
  const local = await openLocalRuntime(home).down({ purge: true }, onProgress);
  const removed = [...shelf, ...local.removed];
  if (!(await dockerAnswers()).ok) return { ...local, removed };
  // Where there is no engine it is of no use.
  const { openDockerRuntime } = await import('./docker/runtime.js');
  const docker = await (await openDockerRuntime(home)).down({ purge: true }, onProgress);
  return {
    stopped: [...local.stopped, ...docker.stopped],
    removed: [...new Set([...removed, ...docker.removed])],
  };
}
