import type { Document } from 'mongodb';
import type { LabView } from '../lab-view.js';

/** One member of a replica set: what the set's configuration says of it, and what heartbeats tell. */
export interface MemberStatus {
  /** `host:port`, as it is in the configuration. */
  readonly host: string;
  /** MongoDB's own word: `PRIMARY`, `SECONDARY`, `STARTUP2`, `(not reachable/healthy)`, … */
  readonly state: string;
  /** What the last heartbeat complained of; empty where it did not. */
  readonly complaint: string;
  readonly votes: number;
  readonly priority: number;
  readonly hidden: boolean;
  readonly arbiter: boolean;
  /** Seconds that it stays behind on purpose. */
  readonly delaySecs: number;
}

/** A replica set as one of its members knows it. */
export interface SetStatus {
  readonly name: string;
  /** Given to the set when it was initiated: two sets of one name differ in it. */
  readonly id: string;
  /** Counts elections. */
  readonly term: number;
  /** How many members vote now: one that is new has no vote yet, whatever its configuration says. */
  readonly voters: number;
  readonly members: readonly MemberStatus[];
}

/**
 * Asks these services for their set: the first that is primary, else the first that is a member. Undefined where
 * none is in a set.
 */
export async function readSetStatus(
  { mongo, snapshot }: Pick<LabView, 'mongo' | 'snapshot'>,
  services: readonly string[],
): Promise<SetStatus | undefined> {
  const inSet = services.filter((service) => {
    const node = snapshot.nodes.find((one) => one.service === service);
    return node?.status.state === 'running' && node.mongo?.set !== undefined;
  });
  const isPrimary = (service: string): boolean =>
    snapshot.nodes.some((node) => node.service === service && node.mongo?.role === 'primary');
  const witness = inSet.find(isPrimary) ?? inSet[0];
  if (witness === undefined) return undefined;
  const admin = mongo(witness).db('admin');
  const [{ config }, status] = await Promise.all([
    admin.command({ replSetGetConfig: 1 }),
    admin.command({ replSetGetStatus: 1 }),
  ]);
  return {
    name: String(config._id),
    id: String(config.settings?.replicaSetId),
    term: Number(status.term),
    voters: Number(status.votingMembersCount),
    members: (config.members as Document[]).map((member) => {
      const seen = (status.members as Document[]).find(({ name }) => name === member.host);
      return {
        host: String(member.host),
        state: String(seen?.stateStr ?? 'unknown'),
        complaint: String(seen?.lastHeartbeatMessage ?? ''),
        votes: Number(member.votes),
        priority: Number(member.priority),
        hidden: member.hidden === true,
        arbiter: member.arbiterOnly === true,
        delaySecs: Number(member.secondaryDelaySecs ?? 0),
      };
    }),
  };
}

/** `1 PRIMARY, 2 SECONDARY`, in the order of the members; `no members` for none. */
export function statesInWords(members: readonly Pick<MemberStatus, 'state'>[]): string {
  const counts = new Map<string, number>();
  for (const { state } of members) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ') || 'no members';
}

/**
 * Whether the primary of these services takes all others for secondaries. It may learn that one is back two seconds
 * after that one knows: whoever stops the next must wait for it, or the primary counts two as away and gives up.
 */
export async function primarySeesAll(
  lab: Pick<LabView, 'mongo' | 'snapshot'>,
  services: readonly string[],
): Promise<boolean> {
  const set = await readSetStatus(lab, services);
  const count = (state: string) => set?.members.filter((member) => member.state === state).length;
  return count('PRIMARY') === 1 && count('SECONDARY') === services.length - 1;
}
