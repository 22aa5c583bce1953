import type { Document } from 'mongodb';

/** How a query is served, outermost stage first: `['FETCH', 'IXSCAN']`, or `['SHARD_MERGE', 'COLLSCAN', …]`. */
export function planStages(explained: Document): readonly string[] {
  return stagesBelow(explained.queryPlanner?.winningPlan ?? {});
}

function stagesBelow(plan: Document): readonly string[] {
  const below: Document[] = [
    // Servers whose plan ran in the slot-based engine (6.0 and later) put the tree one level deeper.
    ...(plan.queryPlan ? [plan.queryPlan] : []),
    ...(plan.inputStage ? [plan.inputStage] : []),
    ...(plan.inputStages ?? []),
    ...((plan.shards ?? []) as Document[]).map((shard) => shard.winningPlan as Document),
  ];
  const own = plan.stage ? [String(plan.stage)] : [];
  return [...own, ...below.flatMap(stagesBelow)];
}

/** Which shards a query through a router was sent to; empty on a plain mongod. */
export function shardsAsked(explained: Document): readonly string[] {
  const shards = (explained.queryPlanner?.winningPlan?.shards ?? []) as { shardName: string }[];
  return shards.map(({ shardName }) => shardName);
}
