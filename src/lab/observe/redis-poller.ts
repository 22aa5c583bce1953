import { dropped } from '../../machine/debug-log.js';
import { isClusterNode } from '../compose/ports.js';
import type { Service, Stack } from '../compose/service.js';
import type { ServiceStatus } from '../runtime.js';
import { openCachedPoller } from './cached-poller.js';
import type { Clients } from './clients.js';
import { type ClusterNode, parseClusterNodes, parseInfo, slotCount } from './redis-nodes.js';
import type { RedisView } from './snapshot.js';

/** What the Redis servers say of themselves. */
export interface RedisPoller {
  of(stack: Stack, running: readonly ServiceStatus[]): Promise<ReadonlyMap<string, RedisView>>;
}

export function openRedisPoller(clients: Clients): RedisPoller {
  const asking = openCachedPoller<RedisView>();
  return {
    of: (stack, running) =>
      asking.of(
        running.filter(({ program }) => program === 'redis-server'),
        ({ name }) => ask(serviceIn(stack, name), stack, clients),
      ),
  };
}

async function ask(service: Service, stack: Stack, clients: Clients): Promise<RedisView> {
  try {
    const redis = await clients.redis(service.name);
    const inCluster = isClusterNode(service);
    const [info, nodes] = await Promise.all([
      redis.info(),
      inCluster ? (redis.cluster('NODES') as Promise<string>) : undefined,
    ]);
    return redisView(parseInfo(info), nodes === undefined ? [] : parseClusterNodes(nodes), stack.services);
  } catch (error) {
    dropped(error);
    return { role: 'silent' };
  }
}

/** What a Redis said, in the course's terms. @param nodes empty where it is no node of a cluster */
export function redisView(
  info: Readonly<Record<string, string>>,
  nodes: readonly ClusterNode[],
  services: readonly Pick<Service, 'name' | 'program' | 'args' | 'ports'>[],
): RedisView {
  const hits = Number(info.keyspace_hits);
  const reads = hits + Number(info.keyspace_misses);
  const figures = {
    keys: Number(/keys=(\d+)/.exec(info.db0 ?? '')?.[1] ?? 0),
    ...(reads > 0 ? { hitRate: Math.round((100 * hits) / reads) } : {}),
  };
  const self = nodes.find(({ isMyself }) => isMyself);
  if (!self) return { role: 'single', ...figures };
  const cluster = { nodes: nodes.length };
  if (nodes.length === 1 && self.ranges.length === 0) return { role: 'unjoined', ...cluster, ...figures };
  if (self.isMaster) return { role: 'master', slots: slotCount(self), ...cluster, ...figures };
  const master = nodes.find(({ id }) => id === self.masterId);
  const of = services.find(({ program, ports }) => {
    return program === 'redis-server' && master !== undefined && (ports[0] ?? 0) + 10_000 === master.busPort;
  })?.name;
  return { role: 'replica', of, linked: info.master_link_status === 'up', ...cluster, ...figures };
}

function serviceIn({ services }: Stack, name: string): Service {
  return services.find((service) => service.name === name) as Service;
}
