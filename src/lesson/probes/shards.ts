import type { Document, MongoClient } from 'mongodb';
import { dedupeInFlight } from './dedupe.js';

/** The ids of the shards that the cluster has taken in and uses (`listShards`: state 1, not draining). */
export const shardIds = dedupeInFlight(async (router): Promise<readonly string[]> => {
  const { shards } = await router.db('admin').command({ listShards: 1 });
  return (shards as { _id: string; state?: number; draining?: boolean }[])
    .filter(({ state, draining }) => state === 1 && draining !== true)
    .map(({ _id }) => _id);
});

/** The shard keys of all sharded collections outside MongoDB's own databases, by `database.collection`. */
export async function shardKeys(router: MongoClient): Promise<ReadonlyMap<string, Document>> {
  const collections = await router
    .db('config')
    .collection<{ _id: string; key: Document; unsplittable?: boolean }>('collections')
    // Since 8.0 collections that are not sharded are tracked here too, as "unsplittable".
    .find({ _id: { $not: /^(config|admin)\./ }, unsplittable: { $ne: true } })
    .toArray();
  return new Map(collections.map(({ _id, key }) => [_id, key]));
}

/**
 * How many documents of a sharded collection each shard owns, orphans left out (`$shardedDataDistribution`, since
 * 6.0.3). Empty where the collection is not sharded. Chunks are not counted: their number says nothing since 6.0.
 */
export async function ownedByShard(
  router: MongoClient,
  namespace: string,
): Promise<ReadonlyMap<string, number>> {
  const [distribution] = await router
    .db('admin')
    .aggregate<{ shards: { shardName: string; numOwnedDocuments: number }[] }>([
      { $shardedDataDistribution: {} },
      { $match: { ns: namespace } },
    ])
    .toArray();
  return new Map(
    (distribution?.shards ?? []).map(({ shardName, numOwnedDocuments }) => [
      shardName,
      Number(numOwnedDocuments),
    ]),
  );
}

/** A shard key or a filter as a learner would type it: `{ name: "hashed" }`. */
export function asTyped(document: Document): string {
  const fields = Object.entries(document).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `{ ${fields.join(', ')} }`;
}

/** True if both have the same fields in the same order with the same values. */
export function sameKey(one: Document, other: Document): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
