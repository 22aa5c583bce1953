import type { Service } from '../compose/service.js';
import type { Invocation, ShellOptions } from '../runtime.js';
import type { DockerLab } from './lab.js';

/** The shell that fits the program, inside the service's own container, where the other services' names resolve. */
export function shellIn(lab: DockerLab, service: Service, options: ShellOptions = {}): Invocation {
  const { kind = 'own', terminal = false, args = [] } = options;
  return {
    file: 'docker',
    args: [
      ...lab.compose,
      'exec',
      ...(terminal ? [] : ['--no-TTY']),
      service.name,
      ...(kind === 'system' ? systemShell : program(service)),
      ...args,
    ],
  };
}

/** bash where the image has it: it knows cursor keys and history. */
const systemShell = ['sh', '-c', 'command -v bash >/dev/null && exec bash "$@"; exec sh "$@"', 'sh'];

function program({ program, ports }: Service): readonly string[] {
  const port = String(ports[0]);
  switch (program) {
    case 'mongod':
    case 'mongos':
      return ['mongosh', '--quiet', '--port', port];
    case 'redis-server':
      return ['redis-cli', '-p', port];
    default:
      return systemShell;
  }
}
