import type { Home } from '../home.js';
import { dockerAnswers } from './docker/detect.js';
import { openLocalRuntime } from './local/runtime.js';
import type { DownReport, OnService } from './runtime.js';

/**
 * Purges a lab whose own record cannot be read any more, by the signs that everything of it bears: processes by their
 * environment and folder (Linux; elsewhere the system does not tell), containers by their label.
 */
export async function purgeDamagedLab(home: Home, onProgress?: OnService): Promise<DownReport> {
  const local = await openLocalRuntime(home).down({ purge: true }, onProgress);
  if (!(await dockerAnswers()).ok) return local;
  const { openDockerRuntime } = await import('./docker/runtime.js');
  const docker = await (await openDockerRuntime(home)).down({ purge: true }, onProgress);
  return {
    stopped: [...local.stopped, ...docker.stopped],
    removed: [...new Set([...local.removed, ...docker.removed])],
  };
}
