import type { MongoClient } from 'mongodb';
import type { LabView } from '../../../src/lesson/lesson.js';

/** A view of a lab in which nothing is but what a test puts there; whatever else is asked rejects. */
export function fakeLab(rest: Partial<LabView>): LabView {
  const notThere = (): never => {
    throw new Error('not asked here');
  };
  return {
    snapshot: { takenAt: 0, stage: 'sharding', runtime: 'local', nodes: [], shards: [], moves: [] },
    begun: 0,
    mongo: notThere,
    redis: notThere,
    address: notThere,
    peer: notThere,
    answer: () => undefined,
    measured: () => undefined,
    recall: () => undefined,
    remember: () => undefined,
    traffic: () => undefined,
    exam: () => undefined,
    file: () => undefined,
    shop: notThere,
    ...rest,
  };
}

/** A router whose collections answer as these objects do, by `database.collection`. */
export function fakeRouter(collections: Readonly<Record<string, object>>): () => MongoClient {
  const client = {
    db: (database: string) => ({
      collection: (name: string) => collections[`${database}.${name}`] ?? {},
    }),
  };
  return () => client as unknown as MongoClient;
}
