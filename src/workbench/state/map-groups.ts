import { tiers } from '../../lab/compose/tier.js';
import type { HeldData, NodeView, ShardView, Snapshot } from '../../lab/observe/snapshot.js';

/** Nodes that are drawn together: all of a tier, or the members of one shard. */
export interface MapGroup {
  /** What stands before or above them: `routers`, `configset`, `shard1`. */
  readonly title: string;
  readonly isShard: boolean;
  /** What else there is to say of it: `not added`, `draining`. */
  readonly note?: string | undefined;
  readonly nodes: readonly NodeView[];
  readonly data?: HeldData | undefined;
}

/** The nodes of a lab as they are drawn, from the shop down to the data. */
export function groupsOf(snapshot: Snapshot): readonly MapGroup[] {
  return tiers.flatMap((tier) => {
    const nodes = snapshot.nodes.filter((node) => node.tier === tier);
    if (nodes.length === 0) return [];
    if (tier === 'shard') return shardGroups(nodes, snapshot);
    const title = tier === 'config' ? (nodes[0]?.startedFor ?? tier) : nodes.length > 1 ? plural(tier) : tier;
    return [{ title, isShard: false, nodes, data: dataOf(nodes) }];
  });
}

/** Services in the order in which the map shows them. */
export function mapOrder(snapshot: Snapshot): readonly string[] {
  return groupsOf(snapshot).flatMap(({ nodes }) => nodes.map(({ service }) => service));
}

/** Shards that the cluster has taken in under the name of a set that no service was started for. */
export function foreignShards(snapshot: Snapshot): readonly ShardView[] {
  const sets = new Set(snapshot.nodes.map(({ startedFor }) => startedFor));
  return snapshot.shards.filter(({ host }) => !sets.has(setIn(host)));
}

function shardGroups(nodes: readonly NodeView[], snapshot: Snapshot): readonly MapGroup[] {
  // Which shards there are is known only from the config servers' primary.
  const known = snapshot.nodes.some(({ tier, mongo }) => tier === 'config' && mongo?.role === 'primary');
  const sets = [...new Set(nodes.map(({ service, startedFor }) => startedFor ?? service))];
  return sets.map((set) => {
    const members = nodes.filter(({ service, startedFor }) => (startedFor ?? service) === set);
    const shard = snapshot.shards.find(({ host }) => setIn(host) === set);
    const note = shard?.draining ? 'draining' : known && shard === undefined ? 'not added' : undefined;
    return { title: shard?.id ?? set, isShard: true, note, nodes: members, data: dataOf(members) };
  });
}

function dataOf(nodes: readonly NodeView[]): HeldData | undefined {
  return nodes.find(({ data }) => data !== undefined)?.data;
}

/** `shard1` of `shard1/127.0.0.1:27111` */
function setIn(host: string): string {
  return host.split('/')[0] ?? host;
}

function plural(tier: string): string {
  return tier === 'database' || tier === 'cache' ? tier : `${tier}s`;
}
