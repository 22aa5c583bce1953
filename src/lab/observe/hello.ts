import { type Document, Long } from 'mongodb';
import type { MongoView, NodeView } from './snapshot.js';

/** Milliseconds a server has to answer before it counts as silent. */
export const patience = 800;

/** What a server said of itself. */
export interface Said {
  readonly view: MongoView;
  /** Which write was its last: another with every write. Undefined where it keeps no oplog. */
  readonly lastWrite?: string | undefined;
  /** When that was, in seconds since the epoch. */
  readonly lastWriteAt?: number | undefined;
}

/** A node, and what it said if it was asked. */
export interface Heard {
  readonly node: NodeView;
  readonly said?: Said | undefined;
}

export const silent: Said = { view: { role: 'silent' } };

/** What a `hello` reply says of its server (manual: database command `hello`). */
export function hello(reply: Document): Said {
  if (reply.msg === 'isdbgrid') return { view: { role: 'router' } };
  if (reply.isreplicaset === true) return { view: { role: 'uninitiated' } };
  const set = reply.setName as string | undefined;
  if (!set) return { view: { role: 'standalone' } };
  const role = reply.isWritablePrimary
    ? 'primary'
    : reply.secondary
      ? 'secondary'
      : reply.arbiterOnly
        ? 'arbiter'
        : 'recovering';
  const view: MongoView = {
    role,
    set,
    primary: reply.primary,
    members: (reply.hosts as string[] | undefined)?.length,
  };
  const stamp = reply.lastWrite?.opTime?.ts;
  if (!Long.isLong(stamp)) return { view };
  return { view, lastWrite: stamp.toString(), lastWriteAt: stamp.getHighBitsUnsigned() };
}

/**
 * Puts what they said into the nodes; secondaries get how far they are behind their set's primary. All were asked
 * at the same moment, so this is fresher than `replSetGetStatus`, which tells of heartbeats up to 2 s old.
 */
export function withLag(heard: readonly Heard[]): readonly Heard[] {
  return heard.map(({ node, said }) => {
    if (said === undefined) return { node };
    const primary = heard.find(
      (other) => other.said?.view.role === 'primary' && other.said.view.set === said.view.set,
    );
    const lag =
      said.view.role === 'secondary' && primary?.said?.lastWriteAt !== undefined && said.lastWriteAt
        ? primary.said.lastWriteAt - said.lastWriteAt
        : 0;
    return { node: { ...node, mongo: lag >= 2 ? { ...said.view, lag } : said.view }, said };
  });
}
