import type { Service, Stack } from '../compose/service.js';
import { portHolder, portTaken } from '../port-check.js';
import type { UpEvent } from '../runtime.js';
import { withShiftedConfigs } from './config-files.js';
import { isIsolated } from './containers.js';
import { type DockerFacts, demandDocker } from './detect.js';
import { composeDocument } from './document.js';
import { rejoin, resume } from './faults.js';
import { fetchImages, imagesOf } from './images.js';
import { containersOf, type DockerLab } from './lab.js';
import { writeWhole } from './memory.js';
import { ownContainers, removeContainers, stopContainers } from './own.js';
import { containerOn } from './port-holder.js';
import { dockerProblem, takenPort } from './problems.js';
import { followUp, progressForm, readProgress } from './progress.js';
import { waitUntilReady } from './ready.js';

type OnProgress = (event: UpEvent) => void;

/** Brings the containers to exactly `stack` (see `Runtime.up`): images first, then containers, then their servers. */
export async function bringUp(
  lab: DockerLab,
  stack: Stack,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<void> {
  const docker = await demandDocker(lab.cli);
  signal?.throwIfAborted();
  writeWhole(lab.file, composeDocument(withShiftedConfigs(stack, lab.home), lab.home.root));
  await fetchImages(imagesOf([stack]), { cli: lab.cli, composeVersion: docker.compose, onProgress, signal });
  lab.memory.write({ stack, ended: [] });
  await endFaults(lab, stack, signal);
  await removeOthers(lab, stack, onProgress);
  const changed = await startContainers(lab, stack, docker, onProgress, signal);
  await awaitServers(lab, stack, changed, onProgress, signal);
}

/** All side by side; the first that fails ends the waiting for the others. */
async function awaitServers(
  lab: DockerLab,
  stack: Stack,
  changed: ReadonlySet<string>,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<void> {
  const began = Date.now();
  const failed = new AbortController();
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const wait = async (service: Service): Promise<void> => {
    const event = { kind: 'service', service: service.name } as const;
    try {
      await waitUntilReady(lab, stack, service, either);
    } catch (cause) {
      if (!either.aborted)
        onProgress({ ...event, phase: 'failed', detail: (cause as Error).message.split('\n')[0] });
      failed.abort(cause);
      throw cause;
    }
    if (changed.has(service.name))
      onProgress({ ...event, phase: 'ready', seconds: (Date.now() - began) / 1000 });
  };
  await Promise.all(stack.services.map(wait));
}

/** `up` ends the faults that Compose takes no notice of: paused containers, and those cut off the network. */
async function endFaults(lab: DockerLab, stack: Stack, signal?: AbortSignal): Promise<void> {
  const containers = [...(await containersOf(lab, stack))];
  const isolated = containers.filter(([, container]) => isIsolated(container));
  const paused = containers.filter(([, { State }]) => State.Status === 'paused');
  for (const [name] of isolated) await rejoin(lab, name);
  for (const [name] of paused) await resume(lab, name);
  signal?.throwIfAborted();
}

/**
 * Compose would remove what the stack has no more all at once, where a cluster wants an order, and would leave the
 * containers' anonymous volumes behind.
 */
async function removeOthers(lab: DockerLab, stack: Stack, onProgress: OnProgress): Promise<void> {
  const names = new Set(stack.services.map(({ name }) => name));
  const others = (await ownContainers(lab)).filter(({ service }) => !names.has(service));
  const tell = (phase: 'stopping' | 'stopped') => {
    for (const { service } of others) onProgress({ kind: 'service', service, phase });
  };
  tell('stopping');
  await stopContainers(lab, others);
  await removeContainers(lab, others);
  tell('stopped');
}

/** Returns the services whose containers were made or started anew. */
async function startContainers(
  lab: DockerLab,
  stack: Stack,
  docker: DockerFacts,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const follow = followUp(lab.project);
  const changed = new Set<string>();
  const [command = 'compose', ...rest] = lab.compose;
  const args = [command, '--progress', progressForm(docker.compose), ...rest];
  const result = await lab.cli.call([...args, 'up', '--detach', '--pull', 'never'], {
    signal,
    onLine(line) {
      const read = readProgress(line);
      const step = read && follow(read);
      if (!step) return;
      if (step.phase === 'starting') changed.add(step.service);
      onProgress({ kind: 'service', ...step });
    },
  });
  if (result.code === 0) return changed;
  const port = takenPort(result.stderr);
  if (port === undefined) throw dockerProblem(result, 'starting the containers');
  const service = stack.services.find(({ ports }) => ports.includes(port))?.name ?? 'a service';
  const all = stack.services.flatMap(({ ports }) => ports);
  const holder = (await containerOn(lab.cli, port)) ?? (await portHolder(port));
  throw await portTaken({ service, port }, holder, { all, portOffset: stack.portOffset });
}
