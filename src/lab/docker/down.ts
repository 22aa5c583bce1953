import { rm } from 'node:fs/promises';
import type { DownReport } from '../runtime.js';
import { type DockerLab, demand } from './lab.js';
import { listOwn, ownContainers, removeContainers, stopContainers } from './own.js';

/**
 * Ends and removes every container and network that carries this home's label, and nothing else; `purge` also
 * removes the volumes and the lab's files.
 */
export async function takeDown(lab: DockerLab, { purge }: { purge: boolean }): Promise<DownReport> {
  const containers = await ownContainers(lab);
  const stopped = containers.filter(({ alive }) => alive).map(({ service }) => service);
  await stopContainers(lab, containers);
  await removeContainers(lab, containers);
  await remove(lab, ['network', 'rm'], await listOwn(lab, 'network', '{{.ID}}'));

  if (!purge) {
    const { stack } = lab.memory.read();
    if (stack) lab.memory.write({ stack, ended: stack.services.map(({ name }) => name) });
    return { stopped, removed: [] };
  }
  const volumes = await listOwn(lab, 'volume', '{{.Name}}');
  await remove(lab, ['volume', 'rm'], volumes);
  await rm(lab.home.lab, { recursive: true, force: true });
  return { stopped, removed: [...volumes, lab.home.lab] };
}

async function remove(lab: DockerLab, command: readonly string[], names: readonly string[]): Promise<void> {
  if (names.length > 0) await demand(lab, [...command, ...names], `calling ${command.join(' ')}`);
}
