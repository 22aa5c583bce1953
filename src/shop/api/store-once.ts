import { setTimeout as delay } from 'node:timers/promises';
import {
  type Abortable,
  type Collection,
  type InsertOneOptions,
  MongoError,
  MongoNetworkError,
  type MongoServerError,
  type OptionalUnlessRequiredId,
} from 'mongodb';

/** How many members must have an order before it counts: the primary alone, or a majority of the set. */
export type Acknowledgement = 1 | 'majority';

const firstPause = 25;
const longestPause = 250;

/**
 * What passes: an election, a restart, a chunk on its way (the driver's specification of retryable writes; MongoDB's
 * src/mongo/base/error_codes.yml). What a router says when it finds no primary (133) is among them.
 */
const passing: ReadonlySet<number> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  63, // StaleShardVersion
  64, // WriteConcernFailed: written, and not confirmed yet
  89, // NetworkTimeout
  91, // ShutdownInProgress
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  150, // StaleEpoch
  189, // PrimarySteppedDown
  262, // ExceededTimeLimit
  9001, // SocketException
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11602, // InterruptedDueToReplStateChange
  13388, // StaleConfig
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
]);
const duplicateKey = 11_000;

/**
 * Stores a document once and for all, trying again until `signal` aborts, whose reason it throws. Its `_id` makes trying again safe: where an
 * earlier try got through unheard, the next is told of a duplicate, which is a yes. Even that waits for the write
 * concern: mongod makes a write that changes nothing wait for all that was written before it.
 */
export async function storeOnce<Document extends { _id: string }>(
  collection: Collection<Document>,
  document: Document,
  { w, signal }: { w: Acknowledgement; signal: AbortSignal },
): Promise<void> {
  // The driver heeds the signal of every operation; its types say so of reads only.
  const options: InsertOneOptions & Abortable = { writeConcern: { w }, signal };
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      await collection.insertOne(document as OptionalUnlessRequiredId<Document>, options);
      return;
    } catch (error) {
      if ((error as MongoServerError).code === duplicateKey) return;
      if (!passes(error)) throw error;
      // What the database said last tells more than that the time is over.
      await delay(pause, undefined, { signal }).catch(() => Promise.reject(error));
    }
  }
}

/** Whether a failure of MongoDB is one that goes by: trying again may help. */
export function passes(error: unknown): boolean {
  if (error instanceof MongoNetworkError) return true;
  return error instanceof MongoError && passing.has(Number(error.code));
}
