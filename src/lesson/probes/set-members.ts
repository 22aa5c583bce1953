import type { Document, MongoClient } from 'mongodb';
import { logEntries, timesRefused } from './server-log.js';

/** What a member of a replica set says of its set. */
export interface SetView {
  readonly name: string;
  /** Whether this member is the primary and takes writes. */
  readonly primary: boolean;
  /** `host:port` of the members, as they are in the set's configuration. */
  readonly members: readonly string[];
  readonly configServer: boolean;
  /** Given to the set when it was initiated: two sets of one name differ in it. */
  readonly id: string;
}

/**
 * Asks a member for its set; undefined where it was not initiated, or was started without `--replSet`. A server that
 * finds itself in no member of its own set (its address is another now) says nothing of it; its configuration is
 * read from where it keeps it then.
 */
export async function readSet(client: MongoClient): Promise<SetView | undefined> {
  const admin = client.db('admin');
  const hello = await admin.command({ hello: 1 });
  const config: Document | null = hello.setName
    ? (await admin.command({ replSetGetConfig: 1 })).config
    : await client.db('local').collection('system.replset').findOne();
  if (!config) return undefined;
  return {
    name: String(config._id),
    primary: hello.isWritablePrimary === true,
    members: (config.members as { host: string }[]).map(({ host }) => host),
    configServer: config.configsvr === true,
    id: String(config.settings?.replicaSetId),
  };
}

/** Names that a member must not have, as ids of mistakes: to other servers they mean something else, or nothing. */
export type MemberMisnomer = 'localhost-member' | 'published-address' | 'container-id-member';

/**
 * What is wrong with the name of a member, where it is one of the names that work at first.
 * @param own the name it should have: `LabView.peer`
 */
export function findBadMemberHost(host: string, own: string): MemberMisnomer | undefined {
  if (host === own) return undefined;
  const name = host.replace(/:\d+$/, '');
  if (name === 'localhost') return 'localhost-member';
  if (/^127\.|^\[?::1\]?$/.test(name)) return 'published-address';
  // Docker names a container's host by the first 12 digits of its id, and makes its address up too.
  if (/^[0-9a-f]{12}$|^\d+(\.\d+){3}$/.test(name)) return 'container-id-member';
  return undefined;
}

/** Why a node refused to be initiated, from its last refusal. */
export type RefusedInitiate =
  /** The configuration's `_id` is not the name the server was started with. */
  | { readonly why: 'set-name'; readonly given: string; readonly own: string }
  /** A member of the configuration belongs, by its command line, to another set. */
  | { readonly why: 'member-of-other-set'; readonly member: string }
  /** `configsvr: true` for a server that was not started with `--configsvr`. */
  | { readonly why: 'not-a-config-server' }
  /** No member of the configuration is the node that was to initiate it. */
  | { readonly why: 'other-address'; readonly members: readonly string[] }
  | { readonly why: 'other'; readonly reason: string };

// Ids of mongod's messages, seen in the logs of 6.0.5.
const received = 21356; // replSetInitiate admin command received from client
const otherName = 21424; // Rejecting initiate with a set name that differs from command line set name
const invalid = 21425; // replSetInitiate error while validating config
const failed = 21426; // replSetInitiate failed
const memberOfOtherSet = 23723; // Our set name did not match that of the request target

/** MongoDB's error code for a configuration none of whose members "maps to this node" (seen in the log of 6.0.5). */
const nodeNotFound = 74;

/**
 * What the node's last refused `rs.initiate` was about; undefined where it refused none. A refusal leaves no state
 * in the node: it is in its counters and in its log.
 */
export async function refusedInitiate(client: MongoClient): Promise<RefusedInitiate | undefined> {
  if ((await timesRefused(client, 'replSetInitiate')) === 0) return undefined;
  const entries = await logEntries(client, [received, otherName, invalid, failed, memberOfOtherSet]);
  const attempt = entries.slice(entries.findLastIndex(({ id }) => id === received) + 1);
  const find = (id: number) => attempt.find((entry) => entry.id === id)?.attr;

  const name = find(otherName);
  if (name) return { why: 'set-name', given: name.initiateSetName, own: name.commandLineSetName };
  const member = find(memberOfOtherSet);
  if (member) return { why: 'member-of-other-set', member: member.requestTarget };
  const config = find(invalid);
  if (config?.error?.code === nodeNotFound) {
    const members = config.config.members as { host: string }[];
    return { why: 'other-address', members: members.map(({ host }) => host) };
  }
  // A config server's own configuration says configsvr as well, whatever else is wrong with it; and this refusal has
  // no code of its own (6.0.5: BadValue, "Nodes being used for config servers must be started with the --configsvr flag").
  const flagMissing = /--configsvr/.test(config?.error?.errmsg ?? '');
  if (config?.config?.configsvr === true && flagMissing) return { why: 'not-a-config-server' };
  const reason = (config ?? find(failed))?.error?.errmsg;
  return reason ? { why: 'other', reason } : undefined;
}
