import type { Document, MongoClient, Timestamp, UUID } from 'mongodb';

/** What the config servers know of one sharded collection (`config.collections`). */
export interface ShardedCollection {
  readonly uuid: UUID;
  readonly key: Document;
  /** In bytes; undefined where the cluster's own holds. */
  readonly maxChunkSizeBytes: number | undefined;
  /** When it became what it is, by sharding or resharding: milliseconds since the epoch, in whole seconds. */
  readonly since: number;
}

/** Undefined where the collection is not sharded. */
export async function shardedCollection(
  router: MongoClient,
  namespace: string,
): Promise<ShardedCollection | undefined> {
  const found = await router
    .db('config')
    .collection<{
      _id: string;
      uuid: UUID;
      key: Document;
      maxChunkSizeBytes?: number;
      timestamp: Timestamp;
      unsplittable?: boolean;
    }>('collections')
    .findOne({ _id: namespace, unsplittable: { $ne: true } });
  if (!found) return undefined;
  const { uuid, key, maxChunkSizeBytes, timestamp } = found;
  return {
    uuid,
    key,
    maxChunkSizeBytes: maxChunkSizeBytes && Number(maxChunkSizeBytes),
    since: timestamp.getHighBits() * 1000,
  };
}

/** A range of a sharded collection, with the shard that owns it. */
export interface Range {
  readonly min: Document;
  readonly max: Document;
  readonly shard: string;
  /** Marked as too large to move, and not to be cut. */
  readonly jumbo: boolean;
}

/** The ranges of a sharded collection, the smallest key first. Their number says nothing: some are merged by themselves. */
export async function rangesOf(
  router: MongoClient,
  { uuid }: Pick<ShardedCollection, 'uuid'>,
): Promise<readonly Range[]> {
  const chunks = await router
    .db('config')
    .collection<Omit<Range, 'jumbo'> & { jumbo?: boolean }>('chunks')
    .find({ uuid })
    .sort({ min: 1 })
    .toArray();
  return chunks.map(({ min, max, shard, jumbo }) => ({ min, max, shard, jumbo: jumbo === true }));
}

/** A range that has moved from one shard to another, as the cluster notes it (`config.changelog`). */
export interface Move {
  readonly at: Date;
  readonly from: string;
  readonly to: string;
  /** Whether the balancer was switched off at that time: then somebody moved it by hand. */
  readonly balancerOff: boolean;
}

/** The moves of a collection's ranges that came to their end, oldest first. */
export async function movesOf(
  router: MongoClient,
  namespace: string,
  { since }: { since: number },
): Promise<readonly Move[]> {
  const moves = await router
    .db('config')
    .collection<{ time: Date; details: { from: string; to: string } }>('changelog')
    .find({ what: 'moveChunk.commit', ns: namespace, time: { $gte: new Date(since) } })
    .sort({ time: 1 })
    .toArray();
  const switched = await balancerSwitches(router);
  return moves.map(({ time, details: { from, to } }) => {
    const last = switched.filter(({ at }) => at <= time).at(-1);
    return { at: time, from, to, balancerOff: last?.on === false };
  });
}

/** When the balancer was switched on and off, oldest first (`config.actionlog`, a capped collection). */
export async function balancerSwitches(
  router: MongoClient,
): Promise<readonly { readonly at: Date; readonly on: boolean }[]> {
  const actions = await router
    .db('config')
    .collection<{ what: string; time: Date }>('actionlog')
    .find({ what: { $in: ['balancer.start', 'balancer.stop'] } })
    .sort({ time: 1 })
    .toArray();
  return actions.map(({ what, time }) => ({ at: time, on: what === 'balancer.start' }));
}

/** Whether the balancer is switched on (`balancerStatus`: mode `full`). */
export async function balancerIsOn(router: MongoClient): Promise<boolean> {
  const { mode } = await router.db('admin').command({ balancerStatus: 1 });
  return mode !== 'off';
}

/** The zones that each shard is in, by the shard's id. */
export async function zonesOfShards(router: MongoClient): Promise<ReadonlyMap<string, readonly string[]>> {
  const shards = await router
    .db('config')
    .collection<{ _id: string; tags?: readonly string[] }>('shards')
    .find()
    .sort({ _id: 1 })
    .toArray();
  return new Map(shards.map(({ _id, tags }) => [_id, tags ?? []]));
}

/** A range of a collection's shard key that may only be on shards of a zone (`config.tags`). */
export interface ZoneRange {
  readonly namespace: string;
  readonly zone: string;
  readonly min: Document;
  readonly max: Document;
}

export async function zoneRanges(router: MongoClient): Promise<readonly ZoneRange[]> {
  const tags = await router.db('config').collection('tags').find().sort({ ns: 1, min: 1 }).toArray();
  return tags.map(({ ns, tag, min, max }) => ({ namespace: ns, zone: tag, min, max }));
}

/** The shards that were drained and let go since then (milliseconds since the epoch), oldest first. */
export async function removedShards(
  router: MongoClient,
  { since }: { since: number },
): Promise<readonly string[]> {
  const entries = await router
    .db('config')
    .collection<{ time: Date; details: { shard: string } }>('changelog')
    .find({ what: 'removeShard', time: { $gte: new Date(since) } })
    .sort({ time: 1 })
    .toArray();
  return entries.map(({ details }) => details.shard);
}
