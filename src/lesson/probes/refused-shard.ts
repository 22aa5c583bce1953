import type { MongoClient } from 'mongodb';
import { logEntries, timesRefused } from './server-log.js';

/** A shard that the cluster was asked to take and refused. */
export interface RefusedShard {
  /** The set's name in what was given; undefined where it was only `host:port`. */
  readonly set: string | undefined;
  readonly hosts: readonly string[];
  /** The server's own words. */
  readonly reason: string;
}

// Ids of a config server's messages, seen in the logs of 6.0.5.
const refused = 21920; // addShard request failed
const added = 21942; // Going to insert new entry for shard into config.shards

/**
 * The last `addShard` that failed, if none succeeded after it. `configServer` is the primary of the config servers:
 * routers pass the request on to it, so it knows of all of them, whichever router was asked.
 */
export async function refusedShard(configServer: MongoClient): Promise<RefusedShard | undefined> {
  if ((await timesRefused(configServer, '_configsvrAddShard')) === 0) return undefined;
  const last = (await logEntries(configServer, [refused, added])).at(-1);
  if (last?.id !== refused) return undefined;
  // "AddShardRequest shard: shard1/host:port,host:port"
  const given = String(last.attr.request).split(' ').at(-1) ?? '';
  const [hosts = '', set] = given.split('/').reverse();
  return { set, hosts: hosts.split(','), reason: String(last.attr.error?.errmsg ?? '') };
}
