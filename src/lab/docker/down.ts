import { rm } from 'node:fs/promises';
import type { DownReport, OnService } from '../runtime.js';
import { type DockerLab, demand } from './lab.js';
import { killContainers, listOwn, ownContainers, removeContainers, stopContainers } from './own.js';

/**
 * Ends and removes every container and network that carries this home's label, and nothing else; `purge` also
 * removes the volumes and the lab's files, and gives the servers no time to shut down.
 */
export async function takeDown(
  lab: DockerLab,
  { purge }: { purge: boolean },
  onProgress: OnService = () => {},
): Promise<DownReport> {
  const containers = await ownContainers(lab);
  const stopped = containers.filter(({ alive }) => alive).map(({ service }) => service);
  if (!purge) await stopContainers(lab, containers, onProgress);
  // A forced removal kills what runs.
  else for (const service of stopped) onProgress({ kind: 'service', service, phase: 'stopping' });
  await removeContainers(lab, containers);
  if (purge) for (const service of stopped) onProgress({ kind: 'service', service, phase: 'stopped' });
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

/** Kills every container of the stack that runs (see `Runtime.killAll`). */
export async function killAll(lab: DockerLab, onProgress: OnService = () => {}): Promise<void> {
  const { stack } = lab.memory.read();
  if (!stack) return;
  const names = new Set(stack.services.map(({ name }) => name));
  // Noted first: they must not be taken for dead while they end.
  lab.memory.write({ stack, ended: [...names] });
  const containers = await ownContainers(lab);
  await killContainers(
    lab,
    containers.filter(({ service }) => names.has(service)),
    onProgress,
  );
}

async function remove(lab: DockerLab, command: readonly string[], names: readonly string[]): Promise<void> {
  if (names.length > 0) await demand(lab, [...command, ...names], `calling ${command.join(' ')}`);
}
