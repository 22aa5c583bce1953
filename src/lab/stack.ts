import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageRoot } from '../package.js';
import { usageProblem } from '../problem.js';
import { listensOn } from './bus-port.js';
import { type ComposeFile, type Fault, parseCompose } from './compose-file.js';
import { type LintFinding, type LintId, lintServices } from './compose-lint.js';
import {
  type ComposeContent,
  composeSchema,
  readService,
  schemaFaults,
  withoutExtensions,
} from './compose-service.js';
import { type PortShift, shiftArguments, shiftEnvironment, shiftValue } from './port-offset.js';
import type { Service, Stack } from './service.js';

export interface StackOptions {
  /** Added to every published port and to every address in arguments. Default 0. */
  readonly portOffset?: number | undefined;
  /** For the variables in the file. Default `process.env`. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** What `lintStackFile` has to say of a compose file. */
export interface StackFinding {
  readonly id: LintId;
  readonly level: LintFinding['level'];
  /** `FILE:LINE: KEY: what would happen and how to repair it`. */
  readonly text: string;
}

/**
 * Reads `compose/STAGE.yaml`. Throws `unknown-stage` where there is no such file, `compose-invalid` (see
 * `readStackFile`) and `port-offset-invalid`.
 * @param options.folder where the compose files lie; default the package's own
 */
export function readStack(
  stage: string,
  options: StackOptions & { folder?: string | undefined } = {},
): Stack {
  const folder = options.folder ?? join(packageRoot, 'compose');
  return readStackFile(join(folder, `${stage}.yaml`), options);
}

/**
 * Reads one compose file into a stack. Only what both runtimes can honour is accepted, and nothing that could never
 * come up or would lose its data: anything else throws `compose-invalid`, naming file, line and key of each fault.
 */
export function readStackFile(path: string, options: StackOptions = {}): Stack {
  const { stage, file, services, findings } = parseStack(path, options);
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw file.problem(errors);
  const portOffset = checkedOffset(options.portOffset ?? 0, services);
  return {
    stage,
    file: path,
    portOffset,
    services: services.map((service) => shifted(service, services, portOffset)),
  };
}

/**
 * The mistakes in one compose file that show only when it runs (see `lintServices`), in the order of its services.
 * Throws `compose-invalid` for what is wrong at first sight.
 */
export function lintStackFile(
  path: string,
  options: Pick<StackOptions, 'env'> = {},
): readonly StackFinding[] {
  const { file, findings } = parseStack(path, options);
  return findings.map(({ id, level, path, message }) => ({
    id,
    level,
    text: `${file.place(path)}: ${message}`,
  }));
}

function parseStack(path: string, { env }: Pick<StackOptions, 'env'>) {
  const stage = basename(path).replace(/\.ya?ml$/, '');
  const file = parseCompose(path, readText(path, stage), env ?? process.env);
  const parsed = composeSchema.safeParse(withoutExtensions(file.content));
  if (!parsed.success) throw file.problem(schemaFaults(parsed.error));
  const services = readServices(path, file, parsed.data);
  return { stage, file, services, findings: lintServices(services, parsed.data) };
}

function readText(path: string, stage: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw usageProblem(
      'unknown-stage',
      `There is no stage '${stage}': ${path} does not exist.`,
      'See the stages with: mongo-scale-course list',
    );
  }
}

function readServices(path: string, file: ComposeFile, content: ComposeContent): readonly Service[] {
  const faults: Fault[] = [];
  const services = Object.entries(content.services).map(([name, entry]) =>
    readService(name, entry, path, faults),
  );
  if (services.length === 0)
    faults.push({ path: ['services'], message: 'a stack needs at least one service' });
  faults.push(...crossFaults(services, content));
  if (faults.length > 0) throw file.problem(faults);
  return services;
}

/** What can only be seen with all services side by side. */
function crossFaults(services: readonly Service[], content: ComposeContent): readonly Fault[] {
  const faults: Fault[] = [];
  const owners = new Map<number, string>();
  for (const { name, ports, mounts, dependsOn } of services) {
    ports.forEach((port, index) => {
      const owner = owners.get(port);
      if (owner)
        faults.push({
          path: ['services', name, 'ports', index],
          message: `port ${port} is ${owner}'s already`,
        });
      else owners.set(port, name);
    });
    mounts.forEach((mount, index) => {
      if (mount.kind === 'volume' && mount.name !== '' && !(mount.name in content.volumes)) {
        const message = `the volume '${mount.name}' is not in the file's list of volumes`;
        faults.push({ path: ['services', name, 'volumes', index], message });
      }
    });
    for (const other of dependsOn) {
      if (!(other in content.services) || other === name) {
        const message = `'${other}' is no other service of this file`;
        faults.push({ path: ['services', name, 'depends_on'], message });
      }
    }
  }
  for (const name of waitingInCircle(services)) {
    faults.push({
      path: ['services', name, 'depends_on'],
      message: `'${name}' waits, in the end, for itself`,
    });
  }
  return faults;
}

/** Services that can never start, because they depend on each other in a circle. */
function waitingInCircle(services: readonly Service[]): readonly string[] {
  const names = new Set(services.map(({ name }) => name));
  let waiting = services;
  for (;;) {
    const blocked = new Set(waiting.map(({ name }) => name));
    const left = waiting.filter(({ name, dependsOn }) =>
      dependsOn.some((other) => other !== name && names.has(other) && blocked.has(other)),
    );
    if (left.length === waiting.length) return left.map(({ name }) => name);
    waiting = left;
  }
}

/** A port is a number below 65536, whatever is added to it. */
function checkedOffset(offset: number, services: readonly Service[]): number {
  const ports = services.flatMap(listensOn);
  const highest = Math.max(...ports);
  const lowest = Math.min(...ports);
  if (!Number.isInteger(offset) || lowest + offset < 1024 || highest + offset > 65_535) {
    throw usageProblem(
      'port-offset-invalid',
      `A port offset of ${offset} moves the ports ${lowest} to ${highest} out of the range 1024 to 65535.`,
      `Choose an offset from 0 to ${65_535 - highest}.`,
    );
  }
  return offset;
}

function shifted(service: Service, all: readonly Service[], offset: number): Service {
  if (offset === 0) return service;
  const shift: PortShift = {
    offset,
    ports: new Set(all.flatMap(({ ports }) => ports)),
    services: new Set(all.map(({ name }) => name)),
  };
  const healthcheck = service.healthcheck && {
    ...service.healthcheck,
    test: shiftValue(service.healthcheck.test, shift),
  };
  return {
    ...service,
    args: shiftArguments(service.args, shift),
    environment: shiftEnvironment(service.environment, shift),
    ports: service.ports.map((port) => port + offset),
    healthcheck,
  };
}
