import { rm } from 'node:fs/promises';
import type { DownReport } from '../runtime.js';
import { label } from './document.js';
import { type DockerLab, demand } from './lab.js';

/**
 * Ends and removes every container and network that carries this home's label, and nothing else; `purge` also
 * removes the volumes and the lab's files. Goes by the labels, so that it works whatever became of the files.
 */
export async function takeDown(lab: DockerLab, { purge }: { purge: boolean }): Promise<DownReport> {
  const mine = ['--filter', `label=${label}=${lab.home.root}`];
  const list = async (kind: string, format: string, ...options: string[]): Promise<readonly string[]> => {
    const result = await demand(
      lab,
      [kind, 'ls', ...options, ...mine, '--format', format],
      `listing each ${kind}`,
    );
    return result.stdout.split('\n').filter((line) => line !== '');
  };
  const service = '{{.Label "com.docker.compose.service"}}';
  const containers = await list('container', `{{.ID}} {{.State}} ${service}`, '--all');
  const rows = containers.map((line) => line.split(' '));
  const ids = rows.map(([id = '']) => id);
  const live = rows.filter(([, state]) => state === 'running' || state === 'paused');
  const stopped = live.map(([, , name = '']) => name).filter((name) => name !== '');

  if (live.length > 0)
    await demand(lab, ['container', 'stop', ...live.map(([id = '']) => id)], 'stopping the containers');
  // Their anonymous volumes go with them (`--volumes`); those with a name, which hold the data, do not.
  if (ids.length > 0)
    await demand(lab, ['container', 'rm', '--force', '--volumes', ...ids], 'removing the containers');
  const networks = await list('network', '{{.ID}}');
  if (networks.length > 0) await demand(lab, ['network', 'rm', ...networks], 'removing the network');

  const { stack } = lab.memory.read();
  if (!purge) {
    if (stack) lab.memory.write({ stack, ended: stack.services.map(({ name }) => name) });
    return { stopped, removed: [] };
  }
  const volumes = await list('volume', '{{.Name}}');
  if (volumes.length > 0) await demand(lab, ['volume', 'rm', ...volumes], 'removing the data');
  await rm(lab.home.lab, { recursive: true, force: true });
  return { stopped, removed: [...volumes, lab.home.lab] };
}
