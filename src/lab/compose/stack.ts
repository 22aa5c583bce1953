import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileProblem } from '../../machine/file-problem.js';
import { packageRoot } from '../../package.js';
import { usageProblem } from '../../problem.js';
import { type ComposeFile, type Fault, parseCompose } from './compose-file.js';
import { type ComposeContent, composeSchema, isRecord, withoutExtensions } from './compose-schema.js';
import { schemaFaults } from './compose-schema-faults.js';
import { readService } from './compose-service.js';
import { lintServices } from './lint/compose-lint.js';
import { lintTogether } from './lint/cross-service-rules.js';
import type { LintFinding, LintId } from './lint/finding.js';
import { type PortShift, shiftArguments, shiftEnvironment, shiftValue } from './port-offset.js';
import { listensOn } from './ports.js';
import type { Service, Stack } from './service.js';

export interface StackOptions {
  /** Added to every published port and to every address in arguments. Default 0. */
  readonly portOffset?: number | undefined;
  /** For the variables in the file. Default `process.env`. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** Whose file it is, where it does not lie in the folder of compose files: the learner's own copy of a stage's. */
export interface InsteadOf {
  readonly stage?: string | undefined;
  /** Where its relative paths begin. Default: the folder it lies in. */
  readonly folder?: string | undefined;
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
export function readStackFile(path: string, options: StackOptions & InsteadOf = {}): Stack {
  const { stage, file, services, findings, toCome } = parseStack(path, readText(path), options);
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw file.problem(errors);
  const portOffset = checkedOffset(options.portOffset ?? 0, services);
  return {
    stage,
    file: path,
    portOffset,
    services: services.map((service) => shifted(service, services, portOffset)),
    ...(toCome && { toCome: shiftedPorts(toCome, portOffset) }),
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
  return lintStackText(path, readText(path), options).findings;
}

/**
 * The same of a text, with the names of the services that are in it. Throws `compose-invalid` too.
 * @param path what it is called in messages
 */
export function lintStackText(
  path: string,
  text: string,
  options: Pick<StackOptions, 'env'> & InsteadOf,
): { readonly services: readonly string[]; readonly findings: readonly StackFinding[] } {
  const { file, services, findings } = parseStack(path, text, options);
  const told = findings.map(({ id, level, path, message }) => ({
    id,
    level,
    text: `${file.place(path)}: ${message}`,
  }));
  return { services: services.map(({ name }) => name), findings: told };
}

function parseStack(
  path: string,
  text: string,
  { env, stage = stageOf(path), folder = dirname(path) }: Pick<StackOptions, 'env'> & InsteadOf,
) {
  const file = parseCompose(path, text, env ?? process.env);
  const content = withoutExtensions(file.content);
  const parsed = composeSchema.safeParse(content);
  if (!parsed.success) throw file.problem(schemaFaults(parsed.error, content));
  const services = readServices(folder, file, parsed.data);
  const findings = [...lintTogether(services, parsed.data), ...lintServices(services, parsed.data)];
  return { stage, file, services, findings, toCome: addedByLearner(file) };
}

const added = 'x-added-by-learner';

/** The ports of services to come that the file names in its extension key. Throws `compose-invalid`. */
function addedByLearner(file: ComposeFile): Readonly<Record<string, number>> | undefined {
  const ports = (file.content as Record<string, unknown>)[added];
  if (ports === undefined) return undefined;
  const message =
    'for the course alone: names of services, and of each its port, a number. Leave it as it is';
  if (!isRecord(ports)) throw file.problem([{ path: [added], message }]);
  const wrong = Object.keys(ports).filter((name) => !Number.isInteger(ports[name]));
  if (wrong.length > 0) throw file.problem(wrong.map((name) => ({ path: [added, name], message })));
  return ports as Record<string, number>;
}

function shiftedPorts(ports: Readonly<Record<string, number>>, offset: number): Record<string, number> {
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, port + offset]));
}

function stageOf(path: string): string {
  return basename(path).replace(/\.ya?ml$/, '');
}

function readText(path: string): string {
  const stage = stageOf(path);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw fileProblem(cause, path);
    throw usageProblem(
      'unknown-stage',
      `There is no stage '${stage}': ${path} does not exist.`,
      'See the stages with: mongo-scale-course list',
    );
  }
}

function readServices(folder: string, file: ComposeFile, content: ComposeContent): readonly Service[] {
  const faults: Fault[] = [];
  const services = Object.entries(content.services).map(([name, entry]) =>
    readService(name, entry, folder, faults),
  );
  if (services.length === 0)
    faults.push({ path: ['services'], message: 'a stack needs at least one service' });
  if (faults.length > 0) throw file.problem(faults);
  return services;
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
