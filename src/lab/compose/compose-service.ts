import { resolve } from 'node:path';
import type { Fault, KeyPath } from './compose-file.js';
import type { ComposeService } from './compose-schema.js';
import { type Mount, type Program, programs, type Service } from './service.js';
import { splitWords } from './shell-words.js';

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
/** Below it only root may listen. */
const lowestPort = 1024;

function readPort(text: string, complain: Complain): number {
  const [, host, published = '', container] = /^(?:(.*):)?(\d+):(\d+)$/.exec(text) ?? [];
  if (container === undefined) complain(`'${text}' is not of the form 127.0.0.1:PORT:PORT`);
  else if (host !== '127.0.0.1') {
    complain(
      `'${text}' would be open to the network; write 127.0.0.1:${published}:${container} (in the long form, host_ip: 127.0.0.1)`,
    );
  } else if (published !== container) {
    complain(
      `the published port ${published} and the container's port ${container} have to be the same number`,
    );
  }
  if (Number(published) > highestPort)
    complain(`there is no port ${published}: the highest is ${highestPort}`);
  else if (published !== '' && Number(published) < lowestPort)
    complain(`port ${published} is the system's own; choose one from ${lowestPort} on`);
  return Number(published);
}

function readMount(text: string, folder: string, complain: Complain): Mount {
  const [, source = '', target = '', mode] = /^(.+?):(\/[^:]*)(?::(ro|rw))?$/.exec(text) ?? [];
  // A NUL ends a path for the system, and nobody can see it.
  if (source === '' || text.includes('\0'))
    complain(`'${text}' is not of the form SOURCE:/TARGET or SOURCE:/TARGET:ro`);
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
