import type { Document, MongoClient } from 'mongodb';
import { type LogEntry, logEntries, timesRefused } from './server-log.js';

/** A change of a replica set's configuration that its primary refused. */
export interface RefusedReconfig {
  /** The members that were asked for, as they were given (`host`, `hidden`, `arbiterOnly`, …). */
  readonly members: readonly Document[];
  /** The member that answered that it belongs to another set, where that was the reason. */
  readonly memberOfOtherSet: string | undefined;
  /** The server's own words; empty where its log does not have them. */
  readonly reason: string;
}

// Ids of mongod's messages, seen in the logs of 6.0.5.
const received = 21352; // replSetReconfig admin command received from client
const incompatible = 21418; // replSetReconfig error parsing new config
const invalid = 21420; // replSetReconfig error while validating new config
const failed = 21421; // replSetReconfig failed
const memberOfOtherSet = 23723; // Our set name did not match that of the request target
const inUse = 21392; // New replica set config in use

/**
 * The last change of its set's configuration that this node was asked for, if it refused it (`rs.add`, `rs.remove`,
 * `rs.addArb` and `rs.reconfig` all ask by `replSetReconfig`).
 */
export async function refusedReconfig(client: MongoClient): Promise<RefusedReconfig | undefined> {
  return (await attempts(client)).at(-1)?.refused;
}

/** All changes that this node refused, oldest first, as far as its log in memory goes back. */
export async function refusedReconfigs(client: MongoClient): Promise<readonly RefusedReconfig[]> {
  return (await attempts(client)).flatMap(({ refused }) => refused ?? []);
}

/** Each change that the node was asked for, in order, and how it refused it, if it did. */
async function attempts(client: MongoClient): Promise<readonly { refused?: RefusedReconfig }[]> {
  if ((await timesRefused(client, 'replSetReconfig')) === 0) return [];
  const ids = [received, incompatible, invalid, failed, memberOfOtherSet, inUse];
  const entries = await logEntries(client, ids);
  const starts = entries.flatMap(({ id }, at) => (id === received ? [at] : []));
  return starts.map((start, index) => readAttempt(entries.slice(start, starts[index + 1])));
}

function readAttempt(entries: readonly LogEntry[]): { refused?: RefusedReconfig } {
  const find = (id: number) => entries.find((entry) => entry.id === id)?.attr;
  const config = find(received)?.newConfig;
  // Not every refusal is logged, but each acceptance is.
  if (!config || find(inUse)) return {};
  const error = [incompatible, invalid, failed].map((id) => find(id)?.error).find(Boolean);
  return {
    refused: {
      members: Array.isArray(config.members) ? config.members : [],
      memberOfOtherSet: find(memberOfOtherSet)?.requestTarget,
      reason: typeof error === 'string' ? error : String(error?.errmsg ?? ''),
    },
  };
}

/** The configurations that this node has run with lately, oldest first, as far as its log in memory goes back. */
export async function configsInUse(client: MongoClient): Promise<readonly Document[]> {
  const entries = await logEntries(client, [inUse]);
  return entries.flatMap(({ attr }) => (Array.isArray(attr.config?.members) ? [attr.config] : []));
}
