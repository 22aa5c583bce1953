import { argumentOf } from '../argument-of.js';
import type { Service } from '../service.js';
import { startedForSet } from '../tier.js';
import type { LintFinding } from './finding.js';

/** Manual, "mongod", `--configsvr`. */
const usualConfigPort = 27019;

/** Servers that start, or do not, and are no part of the cluster they were meant for. */
export function clusterFaults(service: Service, named: ReadonlyMap<string, Service>): readonly LintFinding[] {
  if (service.program === 'mongod')
    return [...roleFaults(service, named), ...configdbOfServer(service), ...dataInContainer(service, named)];
  return service.program === 'mongos' ? configdbFaults(service, named) : [];
}

/** In a cluster every mongod is a shard's or a config server, and says which. */
function roleFaults({ name, args }: Service, named: ReadonlyMap<string, Service>): readonly LintFinding[] {
  const path = ['services', name, 'command'];
  const shard = args.includes('--shardsvr');
  const config = args.includes('--configsvr');
  if (shard && config) {
    const message = `${name} is given both roles, and mongod ends at once: "shardsvr is not allowed when configsvr is specified". A server of a shard has --shardsvr alone.`;
    return [{ id: 'both-roles', level: 'error', path, message }];
  }
  const inCluster = [...named.values()].some(({ program }) => program === 'mongos');
  if (shard || config || !inCluster) return [];
  const message = `${name} is given no role: it starts, and no cluster takes it in ("Cannot run addShard on a node started without --shardsvr"). Add --shardsvr to the command, or --configsvr for a config server.`;
  return [{ id: 'no-role', level: 'error', path, message }];
}

/** Data that is in the container alone, where the other servers of the file have a volume for theirs. */
function dataInContainer(
  { name, mounts }: Service,
  named: ReadonlyMap<string, Service>,
): readonly LintFinding[] {
  const keeps = (service: Pick<Service, 'mounts'>): boolean =>
    service.mounts.some(({ kind }) => kind === 'volume');
  const others = [...named.values()].filter((other) => other.name !== name && other.program === 'mongod');
  if (keeps({ mounts }) || !others.some(keeps)) return [];
  const message = `${name} has no volume, so its data is in the container, and gone with it ("down" and "up" replace it). Add "- ${name}:/data/db" to its volumes, and "${name}:" to the list of volumes at the end of the file.`;
  return [{ id: 'no-volume', level: 'error', path: ['services', name], message }];
}

/** `--configdb SET/HOST:PORT,…`: a name that is not there is looked for, silently and for ever. */
function configdbFaults(
  { name, args }: Service,
  named: ReadonlyMap<string, Service>,
): readonly LintFinding[] {
  const path = ['services', name, 'command'];
  const value = argumentOf(args, '--configdb');
  if (value === undefined) {
    const message = `${name} is not told where its config servers are, and mongos ends at once. Add --configdb SET/HOST:PORT to the command, as --configdb configset/config1:27101.`;
    return [{ id: 'no-configdb', level: 'error', path, message }];
  }
  const message = whyNoConfig(value, named);
  return message === undefined ? [] : [{ id: 'wrong-configdb', level: 'error', path, message }];
}

/** Only routers know the config servers by themselves; a shard is told of them when it is taken in. */
function configdbOfServer({ name, args }: Service): readonly LintFinding[] {
  if (argumentOf(args, '--configdb') === undefined) return [];
  const message = `${name} is given --configdb, which mongod does not know ("unrecognised option '--configdb'"), so it ends at once. Leave it out: a shard is told of the config servers by addShard.`;
  return [{ id: 'configdb-of-server', level: 'error', path: ['services', name, 'command'], message }];
}

/**
 * Routers of one file that ask different config sets. A shop that names both finds its orders through one of them
 * only. Which members of the one set a router is told is its own affair.
 */
export function routersOfTwoClusters(services: readonly Service[]): readonly LintFinding[] {
  const routers = services.flatMap(({ name, program, args }) => {
    const [, set] = /^([^/]+)\//.exec(argumentOf(args, '--configdb') ?? '') ?? [];
    return program === 'mongos' && set !== undefined ? [{ name, set }] : [];
  });
  const [first] = routers;
  return routers.flatMap(({ name, set }): LintFinding[] => {
    if (first === undefined || set === first.set) return [];
    const message = `${name} asks the config set ${set}, and ${first.name} asks ${first.set}: these are routers of two clusters, and what is written through one is not found through the other. Give all routers the same --configdb.`;
    return [{ id: 'router-of-another-set', level: 'error', path: ['services', name, 'command'], message }];
  });
}

function whyNoConfig(value: string, named: ReadonlyMap<string, Service>): string | undefined {
  const [, set = '', hosts = ''] = /^([^/]+)\/(.+)$/.exec(value) ?? [];
  if (set === '') {
    return `--configdb ${value} does not say the name of the set, and mongos ends at once. Write it before a slash: configset/config1:27101.`;
  }
  for (const address of hosts.split(',')) {
    const [, host = '', said] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
    const server = named.get(host);
    if (!server && !host.includes('.')) {
      return `--configdb names ${host}, and there is no such service, so the router looks for it for ever.`;
    }
    if (!server) continue;
    if (!server.args.includes('--configsvr')) {
      return `--configdb names ${host}, which is no config server: the router waits for ever.`;
    }
    const own = startedForSet(server);
    if (own !== set) {
      return `--configdb names the set ${set}, and ${host} is ${own === undefined ? 'in none' : `of ${own}`}: the router waits for ever, and says why only in its log.`;
    }
    // Without a number it is the one that config servers have by themselves.
    const port = Number(said ?? usualConfigPort);
    if (!server.ports.includes(port)) {
      return `--configdb looks for ${host} on ${port}, and it listens on ${server.ports.join(', ')}: the router waits for ever. Write ${set}/${host}:${server.ports[0]}.`;
    }
  }
  return undefined;
}
