import { type ChangeStream, type Document, MongoClient } from 'mongodb';
import { dropped } from '../../machine/debug-log.js';

interface WatchOptions {
  /** `shard1/shard1a:27111,shard1b:27112`, as `listShards` has them. */
  readonly shards: readonly string[];
  readonly database: string;
  /** Hears the id of each product that was changed, by whomever. */
  readonly onChange: (product: string) => void;
}

/**
 * Hears of every change to the shop's products, also of those that are made past the shop. Asked of each shard's own
 * set, because the course router has no change streams; a mongos would merge the same streams. The driver goes on
 * after an election by itself.
 */
export function watchProducts({ shards, database, onChange }: WatchOptions): { close(): Promise<void> } {
  const clients = shards.map((host) => {
    const [set = '', members = ''] = host.split('/');
    return new MongoClient(`mongodb://${members}/?replicaSet=${set}`, { appName: 'shop' });
  });
  const streams = clients.map((client): ChangeStream => {
    const stream = client
      .db(database)
      .collection<Document & { _id: string }>('products')
      .watch([{ $match: { operationType: { $in: ['update', 'replace', 'delete'] } } }]);
    stream.on('change', (event) => {
      if ('documentKey' in event) onChange(String(event.documentKey._id));
    });
    // What ends a stream for good (the set is gone) is seen by what is not heard any more.
    stream.on('error', () => {});
    return stream;
  });
  return {
    async close() {
      await Promise.all(streams.map((stream) => stream.close().catch(dropped)));
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}
