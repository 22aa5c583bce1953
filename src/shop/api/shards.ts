import type { Database } from './database.js';
import { Unavailable } from './failure.js';

/** The cluster's shards, as `listShards` has them. */
export interface Shard {
  readonly _id: string;
  /** `shard1/shard1a:27111,shard1b:27112` */
  readonly host: string;
}

/** Asks a router. Rejects where there is none, with what the driver says. */
export async function shardsOf({ db }: Database, signal: AbortSignal): Promise<readonly Shard[]> {
  const { shards } = await db.admin().command({ listShards: 1 }, { signal });
  return shards as readonly Shard[];
}

/**
 * To be asked where nothing was found: a cluster without shards answers every question with nothing, as if the shop
 * had never had any data. Throws `Unavailable` there.
 */
export async function demandShards(database: Database, signal: AbortSignal): Promise<void> {
  if (database.topology() !== 'Sharded') return;
  if ((await shardsOf(database, signal)).length === 0) throw new Unavailable('the cluster has no shards.');
}
