import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Home } from '../home.js';
import { findByEnvironment } from '../machine/process-table.js';
import { dockerAnswers } from './docker/detect.js';
import { killServer } from './local/servers.js';
import type { DownReport } from './runtime.js';

/**
 * Purges a lab whose own notes cannot be read any more, by the marks that everything of it carries: processes by the
 * environment they were started with (Linux; elsewhere the system does not tell), containers by their label.
 * @param options `checkpoints`: removes them too
 */
export async function purgeDamagedLab(
  home: Home,
  { checkpoints = false }: { checkpoints?: boolean } = {},
): Promise<DownReport> {
  const shelf = checkpoints && existsSync(home.checkpoints) ? [home.checkpoints] : [];
  const processes = await findByEnvironment({ MSC_LAB: home.lab });
  await Promise.all(processes.map(killServer));
  const removed = [home.lab, ...shelf];
  for (const folder of removed) await rm(folder, { recursive: true, force: true });
  const stopped = processes.map(({ pid }) => `process ${pid}`);
  if (!(await dockerAnswers()).ok) return { stopped, removed };
  const { openDockerRuntime } = await import('./docker/runtime.js');
  const docker = await (await openDockerRuntime(home)).down({ purge: true });
  return { stopped: [...stopped, ...docker.stopped], removed: [...removed, ...docker.removed] };
}
