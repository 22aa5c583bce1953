import type { Document } from 'mongodb';
import type { LabView } from '../lab-view.js';

/** How some documents were written, by the servers' own notes. */
export interface Writing {
  /** Milliseconds from the first to the last. */
  readonly time: number;
  /**
   * At how many moments some of them were written, over all servers. A server notes what it is sent together as of one
   * moment: thousands of documents in parcels have few, one after the other they have many, however slow the machine.
   */
  readonly moments: number;
}

/**
 * How documents came to be written in this lesson: every primary notes each write in its oplog, with the time of its
 * own clock. Undefined where none of them were written in it.
 * @param nodes the primaries that may have them
 * @param match which documents: field and value, as they were inserted
 */
export async function writingOf(
  { mongo, begun }: LabView,
  nodes: readonly string[],
  namespace: string,
  match: Readonly<Record<string, string | number>>,
): Promise<Writing | undefined> {
  // Not with this module, which every lesson loads: a list of lessons needs no BSON.
  const { Timestamp } = await import('bson');
  const since = new Timestamp({ t: Math.floor(begun / 1000), i: 0 });
  const fields = Object.entries(match).map(([field, value]) => [`entry.o.${field}`, value]);
  const pipeline: Document[] = [
    { $match: { ts: { $gte: since }, $or: [{ ns: namespace }, { 'o.applyOps.ns': namespace }] } },
    // Since 8.0 one entry may hold several inserts.
    { $project: { wall: 1, entry: { $ifNull: ['$o.applyOps', [{ op: '$op', ns: '$ns', o: '$o' }]] } } },
    { $unwind: '$entry' },
    { $match: { 'entry.op': 'i', 'entry.ns': namespace, ...Object.fromEntries(fields) } },
    // What was written, deleted and written again counts as it is now.
    { $group: { _id: '$entry.o._id', wall: { $max: '$wall' } } },
    { $group: { _id: '$wall' } },
    { $group: { _id: null, first: { $min: '$_id' }, last: { $max: '$_id' }, moments: { $sum: 1 } } },
  ];
  const found = await Promise.all(
    nodes.map((node) =>
      mongo(node)
        .db('local')
        .collection('oplog.rs')
        .aggregate<{ first: Date; last: Date; moments: number }>(pipeline)
        .toArray(),
    ),
  );
  const spans = found.flat();
  if (spans.length === 0) return undefined;
  const first = Math.min(...spans.map((span) => span.first.getTime()));
  const last = Math.max(...spans.map((span) => span.last.getTime()));
  return {
    // Servers note whole milliseconds, and some clocks fewer.
    time: Math.max(1, last - first),
    moments: spans.reduce((sum, { moments }) => sum + moments, 0),
  };
}
