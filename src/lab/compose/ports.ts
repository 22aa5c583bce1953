import type { Service } from './service.js';

/** How far a Redis Cluster node's bus is above its own port, where it is not named (redis.conf, "cluster-port"). */
const busAbove = 10_000;

/**
 * Every port that a service listens on where it runs: those it is reached at, and of a Redis Cluster node the one at
 * which the other nodes reach it.
 */
export function listensOn({ program, args, ports }: Pick<Service, 'program' | 'args' | 'ports'>): number[] {
  return isClusterNode({ program, args }) ? [...ports, ...ports.map((port) => port + busAbove)] : [...ports];
}

/** Whether a Redis was started as a node of a cluster, whether or not the cluster has been created. */
export function isClusterNode({ program, args }: Pick<Service, 'program' | 'args'>): boolean {
  const at = args.findIndex((arg) => arg.toLowerCase() === '--cluster-enabled');
  return program === 'redis-server' && at >= 0 && args[at + 1] === 'yes';
}
