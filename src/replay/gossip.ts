import { argumentOf } from '../lab/compose/argument-of.js';
import { openClients } from '../lab/observe/clients.js';
import type { Runtime } from '../lab/runtime.js';

const setting = 'cluster-node-timeout';
/** Milliseconds. At most half of it passes between two messages of a node to another (Redis Cluster specification). */
const quick = 1_000;

/**
 * Has the nodes of a Redis Cluster hear from each other twice a second: `redis-cli --cluster create` looks once a second
 * whether all know each other, and need not look again. Resolves to what gives each node its own setting back.
 * A node that does not answer is passed over.
 */
export async function quickenGossip(runtime: Runtime): Promise<() => Promise<void>> {
  const nodes = (runtime.stack()?.services ?? []).filter(
    ({ args }) => argumentOf(args, '--cluster-enabled') === 'yes',
  );
  const clients = openClients(runtime);
  const changed = await Promise.allSettled(
    nodes.map(async ({ name }) => {
      const redis = await clients.redis(name);
      const [, value = ''] = (await redis.config('GET', setting)) as string[];
      await redis.config('SET', setting, quick);
      return () => redis.config('SET', setting, value);
    }),
  );
  return async () => {
    await Promise.allSettled(changed.map(async (one) => one.status === 'fulfilled' && one.value()));
    await clients.close();
  };
}
