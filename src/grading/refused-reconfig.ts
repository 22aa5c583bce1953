import type { MongoClient } from 'mongodb';
import { logEntries, timesRefused } from './server-log.js';

/** A change of a replica set's configuration that its primary refused. */
export interface RefusedReconfig {
  /** The members that were asked for. */
  readonly hosts: readonly string[];
  /** The member that answered that it belongs to another set, where that was the reason. */
  readonly memberOfOtherSet: string | undefined;
  /** The server's own words. */
  readonly reason: string;
}

// Ids of mongod's messages, seen in the logs of 6.0.5.
const received = 21352; // replSetReconfig admin command received from client
const invalid = 21420; // replSetReconfig error while validating new config
const failed = 21421; // replSetReconfig failed
const memberOfOtherSet = 23723; // Our set name did not match that of the request target

/**
 * The last change of its set's configuration that this node was asked for, if it refused it (`rs.add`, `rs.remove`,
 * `rs.addArb` and `rs.reconfig` all ask by `replSetReconfig`).
 */
export async function refusedReconfig(client: MongoClient): Promise<RefusedReconfig | undefined> {
  if ((await timesRefused(client, 'replSetReconfig')) === 0) return undefined;
  const entries = await logEntries(client, [received, invalid, failed, memberOfOtherSet]);
  const attempt = entries.slice(entries.findLastIndex(({ id }) => id === received));
  const find = (id: number) => attempt.find((entry) => entry.id === id)?.attr;
  const error = find(invalid)?.error ?? find(failed)?.error;
  if (!error) return undefined;
  const members = (find(received)?.newConfig?.members ?? []) as { host?: string }[];
  return {
    hosts: members.flatMap(({ host }) => (host === undefined ? [] : [String(host)])),
    memberOfOtherSet: find(memberOfOtherSet)?.requestTarget,
    reason: String(error.errmsg ?? ''),
  };
}
