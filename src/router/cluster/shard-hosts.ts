/** Keeps config.shards true to the shards' members: with 6.0 that is the routers' work, nobody else does it. */

import { dropped } from '../../machine/debug-log.js';
import type { Log } from '../log.js';
import { type Cluster, parseSetAddress, type Shard } from './cluster.js';

export interface ShardHosts {
  /**
   * Writes the members of each shard's set into config.shards where they are others now (a server that starts knows
   * the shards from there); to be called again and again. Asks nobody where nothing changed.
   */
  look(): void;
}

export function createShardHosts(cluster: Cluster, log: Log): ShardHosts {
  let writing = false;

  const write = async ({ id, host, set }: Shard): Promise<void> => {
    const hosts = `${set.name}/${set.members.join(',')}`;
    await cluster.onPrimary(
      cluster.config,
      (primary) =>
        primary.run('config', {
          update: 'shards',
          // Only what was read: the shard may have been removed, or another router been faster.
          updates: [{ q: { _id: id, host }, u: { $set: { host: hosts } } }],
          writeConcern: { w: 'majority', wtimeout: 10_000 },
        }),
      true,
    );
    log(`Members of shard ${id} are now ${hosts}`);
  };

  return {
    look() {
      const changed = cluster.knownShards.filter(hasOtherMembers);
      if (changed.length === 0 || writing) return;
      writing = true;
      Promise.all(changed.map(write))
        .then(() => cluster.shards())
        // Without a majority of the config servers nothing can be written: the next look tries again.
        .catch(dropped)
        .finally(() => {
          writing = false;
        });
    },
  };
}

function hasOtherMembers({ host, set }: Shard): boolean {
  const sorted = (hosts: readonly string[]): string => [...hosts].sort().join(',');
  return set.confirmed && sorted(parseSetAddress(host, 27018).hosts) !== sorted(set.members);
}
