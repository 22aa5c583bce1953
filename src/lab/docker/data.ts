import { checkpointAgent } from '../../package.js';
import type { Stack } from '../compose/service.js';
import type { Invocation, OnService } from '../runtime.js';
import { withShiftedConfigs } from './config-files.js';
import { demandDocker } from './detect.js';
import { composeDocument } from './document.js';
import { type DockerLab, demand } from './lab.js';
import { writeWhole } from './memory.js';
import { listOwn, ownContainers, removeContainers } from './own.js';

/** Removes every container with its log; volumes with a name stay (see `Runtime.clear`). */
export async function clear(lab: DockerLab, onProgress: OnService): Promise<void> {
  await demandDocker(lab.cli);
  const containers = await ownContainers(lab);
  for (const { service } of containers) onProgress({ kind: 'service', service, phase: 'stopping' });
  await removeContainers(lab, containers);
  for (const { service } of containers) onProgress({ kind: 'service', service, phase: 'stopped' });
  lab.memory.write({ ended: [] });
}

/** Has Compose make containers and volumes, since it takes over no volume that somebody else has made. */
export async function prepare(lab: DockerLab, stack: Stack): Promise<void> {
  writeWhole(lab.file, composeDocument(withShiftedConfigs(stack, lab.home), lab.home.root));
  await demand(lab, [...lab.compose, 'up', '--no-start', '--pull', 'never'], 'making the volumes');
  lab.memory.write({ stack, ended: stack.services.map(({ name }) => name) });
}

/**
 * The agent in a container of the shop's image, which has Node, with all volumes of the lab mounted as
 * `/data/NAME`.
 */
export async function dataAgent(
  lab: DockerLab,
  task: 'capture' | 'write',
  objects: string,
): Promise<Invocation> {
  const { stack } = lab.memory.read();
  const image = stack?.services.find(({ program }) => program === 'node')?.image ?? '';
  const volumes = await listOwn(lab, 'volume', '{{.Name}}');
  const mounts = volumes.map((volume) => `${volume}:/data/${volume.replace(`${lab.project}_`, '')}`);
  return {
    file: 'docker',
    args: [
      ...['run', '--rm', '--interactive', '--network', 'none', '--user', '0:0'],
      ...mounts.flatMap((mount) => ['--volume', mount]),
      ...['--mount', `type=bind,source=${objects},target=/objects`],
      ...['--mount', `type=bind,source=${checkpointAgent},target=/agent.mjs,readonly`],
      ...[image, 'node', '/agent.mjs', task, '/data', '/objects'],
    ],
  };
}
