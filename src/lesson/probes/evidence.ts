import type { MongoClient } from 'mongodb';
import { logEntries } from './server-log.js';

/**
 * What a member of a replica set still knows of what was done to it: for deeds that leave no state behind, such as a
 * read or a write that timed out.
 */

// Ids of mongod's messages, seen in the logs of 6.0.5.
const slow = 51803; // Slow query: whatever took 100 ms, waiting for other members included
const rolledBack = 21612; // Rollback summary

/**
 * How often documents of a collection were looked for with `find` on this node since it started (database command
 * `top`). An `aggregate` is not counted: that is how the course itself looks into such a collection.
 */
export async function findsOn(client: MongoClient, namespace: string): Promise<number> {
  const { totals } = await client.db('admin').command({ top: 1 });
  return Number(totals[namespace]?.queries?.count ?? 0);
}

/** A write that asked for so many members that it waited until its time was over. */
export interface WaitedInVain {
  readonly w: number | string;
  readonly wtimeout: number;
}

/** The inserts into a collection whose write concern timed out on this node, oldest first. */
export async function writeConcernTimeouts(
  client: MongoClient,
  namespace: string,
): Promise<readonly WaitedInVain[]> {
  const [database = '', collection = ''] = namespace.split('.', 2);
  // Such a write is there all the same. Where there is none the log need not be read, which costs at every look.
  if ((await client.db(database).collection(collection).estimatedDocumentCount()) === 0) return [];
  const entries = await logEntries(client, [slow]);
  return entries.flatMap(({ attr }) => {
    const { ns, command, durationMillis } = attr;
    const { w, wtimeout } = command?.writeConcern ?? {};
    const isInsert = ns === namespace && command?.insert === collection;
    return isInsert && wtimeout > 0 && durationMillis >= wtimeout ? [{ w, wtimeout }] : [];
  });
}

/** Writes that a node took back when it joined a set that had gone on without them. */
export interface Rollback {
  /** `database.collection` */
  readonly namespaces: readonly string[];
  readonly inserts: number;
}

/** What this node has rolled back since it started, oldest first. */
export async function rollbacksOf(client: MongoClient): Promise<readonly Rollback[]> {
  // Counted up with each rollback (and each kill): where it is still the first the log need not be read.
  const { rbid } = await client.db('admin').command({ replSetGetRBID: 1 });
  if (rbid <= 1) return [];
  const entries = await logEntries(client, [rolledBack]);
  return entries.map(({ attr }) => ({
    namespaces: attr.affectedNamespaces ?? [],
    inserts: Number(attr.rollbackCommandCounts?.insert ?? 0),
  }));
}
