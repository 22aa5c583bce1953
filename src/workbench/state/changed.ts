import type { NodeView, Snapshot } from '../../lab/observe/snapshot.js';
import { upstreamsOf } from '../../lab/observe/traefik-rawdata.js';

/** The services and shards that are not what they were: what a learner should notice. Amounts of data are not told. */
export function changedBetween(before: Snapshot, after: Snapshot): readonly string[] {
  // Another stage is another lab, not a change in this one.
  if (before.stage !== after.stage) return [];
  const was = new Map(before.nodes.map((node) => [node.service, standing(node)]));
  const nodes = after.nodes
    .filter((node) => was.has(node.service) && was.get(node.service) !== standing(node))
    .map((node) => node.service);
  const ids = (snapshot: Snapshot) => snapshot.shards.map(({ id }) => id);
  const shards = [
    ...ids(after).filter((id) => !ids(before).includes(id)),
    ...ids(before).filter((id) => !ids(after).includes(id)),
  ];
  return [...nodes, ...shards];
}

/** How a node stands, as far as a change of it is news: lag comes and goes. */
function standing({ status, mongo, redis, gateway, shop, member }: NodeView): string {
  const upstreams = gateway && upstreamsOf(gateway).map(({ url, up }) => `${url} ${up}`);
  const part = [mongo?.role, mongo?.set, redis?.role, redis?.of, upstreams, shop?.status];
  return [status.state, ...part, member?.healthy, status.pid].join(' ');
}
