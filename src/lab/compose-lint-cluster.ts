import type { LintFinding } from './compose-lint.js';
import type { Service } from './service.js';

/** Servers that start, or do not, and are no part of the cluster they were meant for. */
export function clusterFaults(service: Service, named: ReadonlyMap<string, Service>): readonly LintFinding[] {
  if (service.program === 'mongod')
    return [...roleFaults(service, named), ...dataInContainer(service, named)];
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
  const value = configdbOf(args);
  const why = value === '' ? undefined : whyNoConfig(value, named);
  return why === undefined
    ? []
    : [{ id: 'wrong-configdb', level: 'error', path: ['services', name, 'command'], message: why }];
}

/** What a router was given as `--configdb`; '' where nothing. */
function configdbOf(args: readonly string[]): string {
  const at = args.indexOf('--configdb');
  return (at < 0 ? args.find((arg) => arg.startsWith('--configdb='))?.slice(11) : args[at + 1]) ?? '';
}

/**
 * Routers of one file that ask different config sets. A shop that names both finds its orders through one of them
 * only. Which members of the one set a router is told is its own affair.
 */
export function routersOfTwoClusters(services: readonly Service[]): readonly LintFinding[] {
  const routers = services.flatMap(({ name, program, args }) => {
    const [, set] = /^([^/]+)\//.exec(configdbOf(args)) ?? [];
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
  for (const host of hosts.split(',').map((address) => address.replace(/:\d+$/, ''))) {
    const server = named.get(host);
    if (!server && !host.includes('.')) {
      return `--configdb names ${host}, and there is no such service, so the router looks for it for ever.`;
    }
    if (!server) continue;
    if (!server.args.includes('--configsvr')) {
      return `--configdb names ${host}, which is no config server: the router waits for ever.`;
    }
    const own = server.args[server.args.indexOf('--replSet') + 1];
    if (own !== set) {
      return `--configdb names the set ${set}, and ${host} is of ${own}: the router waits for ever, and says why only in its log.`;
    }
  }
  return undefined;
}
