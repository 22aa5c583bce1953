import { argumentOf } from '../argument-of.js';
import type { Program, Service } from '../service.js';
import type { LintFinding } from './finding.js';

/** Where a server listens that is told no port (manual: mongod `--port`; redis.conf `port`). */
function usualPort({ program, args }: Pick<Service, 'program' | 'args'>): number | undefined {
  const roles = { '--shardsvr': 27018, '--configsvr': 27019 };
  const byRole = Object.entries(roles).find(([role]) => args.includes(role))?.[1];
  const usual: Partial<Record<Program, number>> = {
    mongod: byRole ?? 27017,
    mongos: 27017,
    'redis-server': 6379,
  };
  return usual[program];
}

/**
 * A server that listens on another port than the one that is published: it runs, and nobody reaches it. In the course
 * a port is the same inside and outside of the container.
 */
export function portBesidePorts(service: Service): readonly LintFinding[] {
  const { name, args, ports } = service;
  const usual = usualPort(service);
  if (usual === undefined) return [];
  const said = argumentOf(args, '--port');
  // Its port may stand in there.
  if (said === undefined && hasOwnFile(args)) return [];
  const listens = said === undefined ? usual : Number(said);
  if (ports.includes(listens)) return [];
  const published = ports.join(', ');
  const why =
    said === undefined
      ? `${name} is told no port, so it listens on ${listens}, and ${published} is published`
      : `${name} listens on ${said}, and ${published} is published`;
  const message = `${why}: it runs, and nobody reaches it. Write --port ${ports[0]} into the command, or the other number under ports, twice.`;
  return [{ id: 'port-beside-ports', level: 'error', path: ['services', name, 'command'], message }];
}

/** Whether a server is given a file of settings (manual: mongod `--config`; redis-server's first argument). */
function hasOwnFile(args: readonly string[]): boolean {
  return args.some((argument) => /^(-f|--config(=.*)?)$/.test(argument)) || /\.conf$/.test(args[0] ?? '');
}
