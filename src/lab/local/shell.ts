import type { Invocation, ShellOptions } from '../runtime.js';
import type { Service } from '../service.js';
import { type FoundProgram, findProgram } from './programs.js';

/** The shell that fits a service: mongosh, redis-cli, or a system shell that knows where the service is. */
export async function shellFor(
  service: Service,
  address: string,
  options: ShellOptions,
): Promise<Invocation> {
  const args = options.args ?? [];
  switch (service.program) {
    case 'mongod':
      return invocation(await findProgram('mongosh'), [
        // Quiet: the banner warns of what is right in a lab (root, no access control) and buries what matters.
        '--quiet',
        `mongodb://${address}/?directConnection=true`,
        ...args,
      ]);
    case 'mongos':
      return invocation(await findProgram('mongosh'), ['--quiet', `mongodb://${address}/`, ...args]);
    case 'redis-server': {
      const [host = '', port = ''] = address.split(':');
      return invocation(await findProgram('redis-cli'), ['-h', host, '-p', port, ...args]);
    }
    default: {
      const env = { MSC_SERVICE: service.name, MSC_ADDRESS: address, ...service.environment };
      return { file: process.env.SHELL || 'bash', args, env };
    }
  }
}

function invocation(shell: FoundProgram, args: readonly string[]): Invocation {
  return { file: shell.file, args: [...shell.argsBefore, ...args] };
}
