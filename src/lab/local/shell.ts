import { basename, delimiter, dirname } from 'node:path';
import type { Service } from '../compose/service.js';
import type { Invocation, ShellOptions } from '../runtime.js';
import { shellOf } from './programs/program-name.js';
import { findProgram } from './programs/programs.js';

interface LocalShellOptions extends ShellOptions {
  /** The folder of the learner's home. */
  readonly home: string;
  /** The server's own variables, which a system shell beside it has too. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The shell that fits a service: mongosh, redis-cli, or a system shell that knows where the service is. */
export async function shellFor(
  service: Service,
  address: string,
  options: LocalShellOptions,
): Promise<Invocation> {
  const more = options.args ?? [];
  const name = options.kind === 'system' ? undefined : shellOf(service.program);
  if (name === undefined) {
    const env = {
      MSC_SERVICE: service.name,
      MSC_ADDRESS: address,
      // The course's own commands mean this lab there, whatever options the workbench was opened with. Its ports are
      // in its record.
      MSC_HOME: options.home,
      MSC_RUNTIME: 'local',
      ...options.environment,
      ...(await withOwnShell(service)),
    };
    return { file: process.env.SHELL || 'bash', args: more, env };
  }
  const { file, argsBefore } = await findProgram(name);
  return { file, args: [...argsBefore, ...connection(service, address), ...more] };
}

/** As in a container, the shell that fits the server is found by its name: redis-cli for a Redis. */
async function withOwnShell({ program }: Service): Promise<Readonly<Record<string, string>>> {
  const name = shellOf(program);
  if (name === undefined) return {};
  const { file } = await findProgram(name);
  return basename(file) === name ? { PATH: [dirname(file), process.env.PATH].join(delimiter) } : {};
}

/**
 * A mongod is asked itself, whatever its replica set says; a router stands for the whole cluster. Quiet: mongosh's
 * banner warns of what is right in a lab (no access control) and buries what matters.
 */
function connection({ program }: Service, address: string): readonly string[] {
  if (program === 'mongod') return ['--quiet', `mongodb://${address}/?directConnection=true`];
  if (program === 'mongos') return ['--quiet', `mongodb://${address}/`];
  const [host = '', port = ''] = address.split(':');
  return ['-h', host, '-p', port];
}
