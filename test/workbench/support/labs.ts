import type { Program } from '../../../src/lab/compose/service.js';
import type { Tier } from '../../../src/lab/compose/tier.js';
import type { NodeView, RedisView, Snapshot } from '../../../src/lab/observe/snapshot.js';
import type { ServiceState } from '../../../src/lab/runtime.js';

/** Made-up labs of every stage of the course, as one snapshot each. */

const programOf: Readonly<Record<Tier, Program>> = {
  edge: 'nginx',
  gateway: 'traefik',
  shop: 'node',
  cache: 'redis-server',
  router: 'mongos',
  config: 'mongod',
  shard: 'mongod',
  database: 'mongod',
};

export function node(tier: Tier, service: string, rest: Partial<NodeView> = {}): NodeView {
  const status = {
    name: service,
    program: programOf[tier],
    state: 'running',
    address: '127.0.0.1:27111',
  } as const;
  return { service, tier, status, ...rest };
}

/** The same node with another state of its process. */
export function inState(one: NodeView, state: ServiceState): NodeView {
  const { mongo: _, data: __, ...rest } = one;
  return { ...rest, status: { ...one.status, state } };
}

export function lab(nodes: readonly NodeView[], rest: Partial<Snapshot> = {}): Snapshot {
  return { takenAt: 0, stage: 'sharding', runtime: 'local', nodes, shards: [], moves: [], ...rest };
}

const router = (service: string) => node('router', service, { mongo: { role: 'router' } });

const shop = (service: string) => node('shop', service, { shop: { status: 'serving', topology: 'Sharded' } });

const redis = (service: string, view: RedisView) => node('cache', service, { redis: view });

/** A replica set of as many members as letters, the first one primary. */
function members(tier: 'config' | 'shard', set: string, services: readonly string[], documents?: number) {
  return services.map((service, index) =>
    node(tier, service, {
      startedFor: set,
      mongo: { role: index === 0 ? 'primary' : 'secondary', set, members: services.length },
      ...(index === 0 && documents !== undefined ? { data: { documents, bytes: documents * 290 } } : {}),
    }),
  );
}

const shardsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `shard${index + 1}`,
    host: `shard${index + 1}/127.0.0.1:271${index + 1}1`,
    draining: false,
  }));

const threeShards = [
  ...members('shard', 'shard1', ['shard1a', 'shard1b', 'shard1c'], 29_878),
  ...members('shard', 'shard2', ['shard2a', 'shard2b', 'shard2c'], 26_122),
  ...members('shard', 'shard3', ['shard3a', 'shard3b', 'shard3c'], 0),
];
const replicated = [
  ...members('config', 'configset', ['config1', 'config2', 'config3']),
  ...threeShards,
  router('router1'),
  router('router2'),
];

/** Three services: one shard that nobody has added. */
export const three = lab([
  ...members('config', 'configset', ['config1']),
  ...members('shard', 'shard1', ['shard1a'], 56_000),
  router('router1'),
]);

/** The sharding stage at its end. */
export const five = lab(
  [
    ...members('config', 'configset', ['config1']),
    ...members('shard', 'shard1', ['shard1a'], 29_878),
    ...members('shard', 'shard2', ['shard2a'], 26_122),
    ...members('shard', 'shard3', ['shard3a'], 0),
    router('router1'),
  ],
  { shards: shardsOf(2) },
);

/** Replication, with a shop and Redis. */
export const fifteen = lab(
  [shop('shop1'), redis('redis', { role: 'single', keys: 310, hitRate: 96 }), ...replicated.slice(0, 13)],
  {
    stage: 'replication',
    shards: shardsOf(3),
  },
);

/** The whole course. */
export const twentyFour = lab(
  [
    node('gateway', 'gateway'),
    ...['shop1', 'shop2', 'shop3'].map(shop),
    ...[1, 2, 3].map((number) =>
      redis(`redis${number}`, { role: 'master', slots: number === 2 ? 5462 : 5461, nodes: 6, keys: 102 }),
    ),
    ...[4, 5, 6].map((number) =>
      redis(`redis${number}`, {
        role: 'replica',
        of: `redis${number - 3}`,
        linked: true,
        nodes: 6,
        keys: 102,
      }),
    ),
    ...replicated,
  ],
  { stage: 'gateway', shards: shardsOf(3) },
);
