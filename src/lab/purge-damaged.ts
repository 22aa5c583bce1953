import { rm } from 'node:fs/promises';
import type { Home } from '../home.js';
import { findByEnvironment } from '../machine/process-table.js';
import { dockerAnswers } from './docker/detect.js';
import { killServer } from './local/servers.js';
import type { DownReport } from './runtime.js';

/**
 * Purges a lab whose own notes cannot be read any more, by the marks that everything of it carries: processes by the
 * environment they were started with (Linux; elsewhere the system does not tell), containers by their label.
 */
export async function purgeDamagedLab(home: Home): Promise<DownReport> {
  const processes = await findByEnvironment({ MSC_LAB: home.lab });
  await Promise.all(processes.map(killServer));
  await rm(home.lab, { recursive: true, force: true });
  const stopped = processes.map(({ pid }) => `process ${pid}`);
  if (!(await dockerAnswers()).ok) return { stopped, removed: [home.lab] };
  const { openDockerRuntime } = await import('./docker/runtime.js');
  const docker = await (await openDockerRuntime(home)).down({ purge: true });
  return { stopped: [...stopped, ...docker.stopped], removed: [home.lab, ...docker.removed] };
}
