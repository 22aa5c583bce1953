import { type Db, MongoClient, type TopologyDescription } from 'mongodb';
import { dropped } from '../../machine/debug-log.js';
import { patience } from './deadline.js';

/** What the shop is connected to. */
export type Topology = 'Single' | 'ReplicaSet' | 'Sharded' | 'Unknown';

/** The shop's MongoDB, there or not. */
export interface Database {
  readonly db: Db;
  topology(): Topology;
  /** Servers of the connection string, and those that they named; `answers` as far as the driver knows now. */
  servers(): readonly { readonly address: string; readonly answers: boolean }[];
  /** The replica set that the shop is connected to, where it is one. */
  set(): string | undefined;
  close(): Promise<void>;
}

/**
 * Connects in the background: the shop starts and answers with no database there, and finds it when it comes.
 * @param onChange called when it is connected to something else, or has lost or found it
 */
export function openDatabase(url: string, name: string, onChange: (now: string) => void): Database {
  const client = new MongoClient(url, {
    appName: 'shop',
    // For ever: a client whose first look fails is of no more use. Requests bring their own deadline.
    serverSelectionTimeoutMS: 0,
    connectTimeoutMS: patience,
    // A database that comes up is found at once: every lab starts with one that is not there yet.
    minHeartbeatFrequencyMS: 100,
    // Where one shard hangs, those who wait for it must not take the connections of all others: 200 requests a second
    // times the time they wait. And they are opened faster than two at a time.
    maxPoolSize: 500,
    maxConnecting: 10,
    // The course router does not know a retried write again. Where it matters, the shop retries itself (store-once.ts).
    retryWrites: false,
  });
  let seen: TopologyDescription | undefined;
  let said = '';
  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    seen = newDescription;
    const now = wordsOf(newDescription);
    if (now !== said) onChange(now);
    said = now;
  });
  // Goes on until something answers, or until it is closed.
  client.connect().catch(dropped);

  return {
    db: client.db(name),
    topology: () => kindOf(seen),
    servers: () => serversOf(seen),
    set: () => seen?.setName ?? undefined,
    close: () => client.close(),
  };
}

function kindOf(seen: TopologyDescription | undefined): Topology {
  const type = seen?.type ?? 'Unknown';
  if (type.startsWith('ReplicaSet')) return 'ReplicaSet';
  return type === 'Single' || type === 'Sharded' ? type : 'Unknown';
}

function serversOf(seen: TopologyDescription | undefined) {
  return [...(seen?.servers.values() ?? [])].map(({ address, type }) => ({
    address,
    answers: type !== 'Unknown' && type !== 'PossiblePrimary',
  }));
}

function wordsOf(seen: TopologyDescription): string {
  const servers = serversOf(seen).map(({ address, answers }) => `${address}${answers ? '' : ' (no answer)'}`);
  return `database: ${kindOf(seen)} ${servers.join(', ')}`;
}
