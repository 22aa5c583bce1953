import { join } from 'node:path';
import type { Home } from '../../home.js';
import { unknownService } from '../addresses.js';
import type { Service, Stack } from '../compose/service.js';
import type { DockerCallOptions, DockerCli, DockerResult } from './cli.js';
import type { Container } from './containers.js';
import { containerName, projectName } from './document.js';
import type { Look } from './look.js';
import { type MemoryFile, openMemory } from './memory.js';
import { dockerProblem } from './problems.js';

/** One home's lab as Docker sees it: a compose project, the document that describes it, and what is remembered of it. */
export interface DockerLab {
  readonly home: Home;
  readonly cli: DockerCli;
  readonly look: Look;
  readonly project: string;
  /** The compose document that the course writes. */
  readonly file: string;
  readonly memory: MemoryFile;
  /** `compose -p … -f …`, to put a command after. */
  readonly compose: readonly string[];
}

export function dockerLab(home: Home, cli: DockerCli, look: Look): DockerLab {
  const project = projectName(home.root);
  const file = join(home.lab, 'compose.yaml');
  return {
    home,
    cli,
    look,
    project,
    file,
    memory: openMemory(home),
    compose: ['compose', '-p', project, '-f', file],
  };
}

/** Calls docker; throws the `Problem` that fits where it fails. @param doing as in "while pausing shard1a" */
export async function demand(
  lab: DockerLab,
  args: readonly string[],
  doing: string,
  options?: DockerCallOptions,
): Promise<DockerResult> {
  const result = await lab.cli.call(args, options);
  if (result.code !== 0) throw dockerProblem(result, doing);
  return result;
}

/** The stack's containers, by service name; services without one are left out. */
export async function containersOf(lab: DockerLab, stack: Stack): Promise<ReadonlyMap<string, Container>> {
  const byName = new Map(stack.services.map(({ name }) => [containerName(lab.project, name), name]));
  const containers = await lab.look([...byName.keys()]);
  return new Map(containers.map((container) => [byName.get(container.Name.slice(1)) ?? '', container]));
}

/** The service of that name. Throws `unknown-service` or `lab-not-up`. */
export function serviceOf(stack: Stack | undefined, name: string): Service {
  const service = stack?.services.find((candidate) => candidate.name === name);
  if (!service) throw unknownService(name, stack);
  return service;
}
