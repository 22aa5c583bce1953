import type { OnService } from '../runtime.js';
import { label } from './document.js';
import { type DockerLab, demand } from './lab.js';
import { dockerProblem } from './problems.js';

/** A container that carries this home's label, whatever stack it is of. */
export interface OwnContainer {
  readonly id: string;
  readonly service: string;
  /** It has processes, running or paused. */
  readonly alive: boolean;
  /** What it runs, as one line. */
  readonly command: string;
}

/** Every container of this home, by its label: so they are found whatever became of the files. */
export async function ownContainers(lab: DockerLab): Promise<readonly OwnContainer[]> {
  const format = '{{.ID}}\t{{.State}}\t{{.Label "com.docker.compose.service"}}\t{{.Command}}';
  const lines = await listOwn(lab, 'container', format, ['--all', '--no-trunc']);
  return lines.map((line) => {
    const [id = '', state = '', service = '', command = ''] = line.split('\t');
    return { id, service, alive: state === 'running' || state === 'paused', command };
  });
}

/** What `docker KIND ls` says of everything that carries this home's label, one line each. */
export async function listOwn(
  lab: DockerLab,
  kind: 'container' | 'network' | 'volume',
  format: string,
  options: readonly string[] = [],
): Promise<readonly string[]> {
  const mine = ['--filter', `label=${label}=${lab.home.root}`, '--format', format];
  const { stdout } = await demand(lab, [kind, 'ls', ...options, ...mine], `listing each ${kind}`);
  return stdout.split('\n').filter((line) => line !== '');
}

/**
 * Stops containers as an operator shuts down a cluster (manual: "Stop a Sharded Cluster"): config servers last. A
 * shard that ends after them still waits for them, and Docker kills it after 10 s (seen with mongod 6.0.5).
 */
export async function stopContainers(
  lab: DockerLab,
  containers: readonly OwnContainer[],
  onProgress: OnService = () => {},
): Promise<void> {
  const alive = containers.filter((container) => container.alive);
  const isConfigServer = ({ command }: OwnContainer) => command.includes('--configsvr');
  const waves = [alive.filter((one) => !isConfigServer(one)), alive.filter(isConfigServer)];
  for (const wave of waves) {
    if (wave.length === 0) continue;
    report(wave, 'stopping', onProgress);
    await demand(lab, ['container', 'stop', ...wave.map(({ id }) => id)], 'stopping the containers');
    report(wave, 'stopped', onProgress);
  }
}

/** Kills containers all at once; one that ends by itself meanwhile is as good as killed. */
export async function killContainers(
  lab: DockerLab,
  containers: readonly OwnContainer[],
  onProgress: OnService = () => {},
): Promise<void> {
  const alive = containers.filter((container) => container.alive);
  if (alive.length === 0) return;
  report(alive, 'stopping', onProgress);
  const result = await lab.cli.call(['container', 'kill', ...alive.map(({ id }) => id)]);
  if (result.code !== 0) {
    const ids = new Set(alive.map(({ id }) => id));
    const left = (await ownContainers(lab)).some((container) => container.alive && ids.has(container.id));
    if (left) throw dockerProblem(result, 'killing the containers');
  }
  report(alive, 'stopped', onProgress);
}

function report(
  containers: readonly OwnContainer[],
  phase: 'stopping' | 'stopped',
  onProgress: OnService,
): void {
  for (const { service } of containers) onProgress({ kind: 'service', service, phase });
}

/**
 * Removes containers with the volumes that only their images wanted; those with a name, which hold the data, stay.
 * `container rm --volumes` is not enough: it spares what Compose has handed on from one container to the next.
 */
export async function removeContainers(lab: DockerLab, containers: readonly OwnContainer[]): Promise<void> {
  if (containers.length === 0) return;
  const ids = containers.map(({ id }) => id);
  const mounts = '{{range .Mounts}}{{println .Name}}{{end}}';
  const inspected = await demand(
    lab,
    ['container', 'inspect', '--format', mounts, ...ids],
    'reading their mounts',
  );
  const nameless = inspected.stdout.split('\n').filter((name) => /^[0-9a-f]{64}$/.test(name));
  await demand(lab, ['container', 'rm', '--force', ...ids], 'removing the containers');
  if (nameless.length > 0)
    await demand(lab, ['volume', 'rm', '--force', ...nameless], 'removing their volumes');
}
