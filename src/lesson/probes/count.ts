import type { Collection } from 'mongodb';

/**
 * How many documents there are, if at least so many are expected. The fast count is kept by the server beside the data
 * and may be far off after a crash (manual, `count`: "after an unclean shutdown"), so a low one is counted again.
 */
export async function countAtLeast(collection: Collection, expected: number): Promise<number> {
  const fast = await collection.estimatedDocumentCount();
  return fast >= expected ? fast : collection.countDocuments();
}
