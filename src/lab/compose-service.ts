import { resolve } from 'node:path';
import * as z from 'zod';
import type { Fault, KeyPath } from './compose-file.js';
import { type Mount, type Program, programs, type Service } from './service.js';
import { splitWords } from './shell-words.js';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const strings = z.array(scalar);

/** The keys of a service that both runtimes can honour; any other key is refused rather than ignored. */
const serviceSchema = z.strictObject({
  image: z.string(),
  command: z.union([z.string(), strings]),
  ports: strings,
  volumes: strings.default([]),
  environment: z.union([strings, z.record(z.string(), z.union([scalar, z.null()]))]).default({}),
  depends_on: z
    .union([strings, z.record(z.string(), z.strictObject({ condition: z.string().optional() }))])
    .default([]),
  healthcheck: z.record(z.string(), z.unknown()).optional(),
  labels: z.union([strings, z.record(z.string(), scalar)]).optional(),
});

/** The top of a compose file. Keys that begin with `x-` are removed before. */
export const composeSchema = z.strictObject({
  name: z.string(),
  services: z.record(
    z.string().regex(/^[a-z][a-z0-9]*$/, 'a name is lower case letters and digits'),
    serviceSchema,
  ),
  volumes: z.record(z.string(), z.null()).default({}),
});

export type ComposeContent = z.infer<typeof composeSchema>;
type ComposeService = z.infer<typeof serviceSchema>;

/** The schema's complaints in a reader's words, each with the very key it is about. */
export function schemaFaults(error: z.ZodError): readonly Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    const path = issue.path as KeyPath;
    if (issue.code === 'unrecognized_keys') {
      const message = 'not supported: the runtimes cannot honour this key';
      return issue.keys.map((key) => ({ path: [...path, key], message }));
    }
    if (issue.code === 'invalid_union') return [{ path, message: 'expected a string, a list or a map here' }];
    return [{ path, message: issue.message }];
  });
}

/** Leaves out the extension keys (`x-…`) of the file and of each service. */
export function withoutExtensions(content: unknown): unknown {
  if (!isRecord(content)) return content;
  const top = dropExtensions(content);
  if (!isRecord(top.services)) return top;
  const services = Object.entries(top.services).map(([name, service]) => [
    name,
    isRecord(service) ? dropExtensions(service) : service,
  ]);
  return { ...top, services: Object.fromEntries(services) };
}

/**
 * One service of the file in the course's terms; what is wrong with it is added to `faults`.
 * @param folder where bind mounts start: that of the compose file
 */
export function readService(name: string, entry: ComposeService, folder: string, faults: Fault[]): Service {
  const at = (...keys: KeyPath): KeyPath => ['services', name, ...keys];
  const [program = '', ...args] = words(entry.command, (message) =>
    faults.push({ path: at('command'), message }),
  );
  if (!isProgram(program)) {
    const known = programs.join(', ');
    faults.push({
      path: at('command'),
      message: `'${program}' is none of the programs the course runs (${known})`,
    });
  }
  if (entry.ports.length === 0)
    faults.push({ path: at('ports'), message: 'a service needs at least one port' });
  return {
    name,
    image: entry.image,
    program: program as Program,
    args,
    environment: environmentOf(entry.environment),
    ports: entry.ports.map((text, index) =>
      readPort(text, (message) => faults.push({ path: at('ports', index), message })),
    ),
    mounts: entry.volumes.map((text, index) =>
      readMount(text, folder, (message) => faults.push({ path: at('volumes', index), message })),
    ),
    dependsOn: Array.isArray(entry.depends_on) ? entry.depends_on : Object.keys(entry.depends_on),
    healthcheck: entry.healthcheck,
  };
}

type Complain = (message: string) => void;

function words(command: string | readonly string[], complain: Complain): readonly string[] {
  if (typeof command !== 'string') return command;
  try {
    return splitWords(command);
  } catch (cause) {
    complain((cause as Error).message);
    return [];
  }
}

const highestPort = 65_535;

function readPort(text: string, complain: Complain): number {
  const [, host, published = '', container] = /^(?:(.*):)?(\d+):(\d+)$/.exec(text) ?? [];
  if (container === undefined) complain(`'${text}' is not of the form 127.0.0.1:PORT:PORT`);
  else if (host !== '127.0.0.1') {
    complain(`'${text}' would be open to the network; write 127.0.0.1:${published}:${container}`);
  } else if (published !== container) {
    complain(
      `the published port ${published} and the container's port ${container} have to be the same number`,
    );
  }
  if (Number(published) > highestPort)
    complain(`there is no port ${published}: the highest is ${highestPort}`);
  return Number(published);
}

function readMount(text: string, folder: string, complain: Complain): Mount {
  const [, source = '', target = '', mode] = /^(.+?):(\/[^:]*)(?::(ro|rw))?$/.exec(text) ?? [];
  if (source === '') complain(`'${text}' is not of the form SOURCE:/TARGET or SOURCE:/TARGET:ro`);
  // On Windows a full path begins with its drive.
  if (/^([./]|[A-Za-z]:[\\/])/.test(source)) {
    return { kind: 'bind', source: resolve(folder, source), target, readOnly: mode === 'ro' };
  }
  return { kind: 'volume', name: source, target };
}

function environmentOf(entry: ComposeService['environment']): Readonly<Record<string, string>> {
  const pairs = Array.isArray(entry)
    ? entry.map((text): [string, string] => {
        const at = text.indexOf('=');
        return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
      })
    : Object.entries(entry).map(([name, value]): [string, string] => [name, value ?? '']);
  return Object.fromEntries(pairs);
}

function isProgram(word: string): word is Program {
  return (programs as readonly string[]).includes(word);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function dropExtensions(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !key.startsWith('x-')));
}
