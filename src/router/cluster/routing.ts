/** Where a collection's data is, for the commands that the router sends to shards itself. Cached until a shard says it is stale. */
import { BSON } from 'bson';
import type { Document } from '../wire/document-type.js';
import type { Cluster } from './cluster.js';

export interface Database {
  readonly name: string;
  readonly primary: string;
  readonly version: Document;
}

export interface Sharding {
  readonly uuid: BSON.UUID;
  /** The shard key's pattern. */
  readonly key: Document;
  readonly epoch: BSON.ObjectId;
  readonly timestamp: BSON.Timestamp;
  /** Each shard that owns a chunk, with the version of its newest one. */
  readonly owners: ReadonlyMap<string, BSON.Timestamp>;
}

export interface Routing {
  readonly database: Database;
  /** Undefined for a collection that is not sharded (or does not exist): it is on the database's primary shard. */
  readonly sharding: Sharding | undefined;
}

export interface RoutingTable {
  /** The database, or undefined if it does not exist. */
  database(name: string): Promise<Database | undefined>;
  /** Where a collection is, or undefined if its database does not exist. */
  of(database: string, collection: string): Promise<Routing | undefined>;
  forget(database: string): void;
  forgetAll(): void;
}

export function createRoutingTable(cluster: Cluster): RoutingTable {
  const databases = new Map<string, Database>();
  const collections = new Map<string, Map<string, Sharding | undefined>>();

  const find = async (collection: string, filter: Document): Promise<Document | undefined> => {
    const reply = await readConfig(cluster, { find: collection, filter, limit: 1, singleBatch: true });
    return reply[0];
  };

  const database = async (name: string): Promise<Database | undefined> => {
    const cached = databases.get(name);
    if (cached) return cached;
    const found = await find('databases', { _id: name });
    if (!found) return undefined;
    const read: Database = { name, primary: found.primary, version: found.version };
    databases.set(name, read);
    return read;
  };

  const shardingOf = async (namespace: string): Promise<Sharding | undefined> => {
    const found = await find('collections', { _id: namespace });
    if (!found || found.dropped === true) return undefined;
    const owners = await readConfig(cluster, {
      aggregate: 'chunks',
      pipeline: [
        { $match: { uuid: found.uuid } },
        { $group: { _id: '$shard', version: { $max: '$lastmod' } } },
      ],
      cursor: {},
    });
    return {
      uuid: found.uuid,
      key: found.key,
      epoch: found.lastmodEpoch,
      timestamp: found.timestamp,
      owners: new Map(owners.map(({ _id, version }) => [_id, version])),
    };
  };

  return {
    database,
    async of(name, collection) {
      const db = await database(name);
      if (!db) return undefined;
      let known = collections.get(name);
      if (!known?.has(collection)) {
        const sharding = await shardingOf(`${name}.${collection}`);
        known = collections.get(name) ?? new Map();
        known.set(collection, sharding);
        collections.set(name, known);
      }
      return { database: db, sharding: known.get(collection) };
    },
    forget(name) {
      databases.delete(name);
      collections.delete(name);
    },
    forgetAll() {
      databases.clear();
      collections.clear();
    },
  };
}

/** The documents of one batch that the config servers' primary answers to a find or an aggregate. */
export async function readConfig(cluster: Cluster, command: Document): Promise<Document[]> {
  const reply = await cluster.onPrimary(
    cluster.config,
    (primary) => primary.run('config', { ...command, readConcern: { level: 'majority' } }),
    true,
  );
  return reply.cursor.firstBatch;
}

/** The shards to ask about a collection. */
export function ownersOf({ database, sharding }: Routing): string[] {
  return sharding ? [...sharding.owners.keys()].sort() : [database.primary];
}

const noTimestamp = new BSON.Timestamp({ t: 0, i: 0 });
const noEpoch = new BSON.ObjectId('000000000000000000000000');

/**
 * The fields with which a shard checks that the router's view is not stale, in the form of 6.0
 * (`shardVersion: {t: collection's timestamp, e: epoch, v: version}`; zeros say "not sharded").
 */
export function versionsFor(routing: Routing, shard: string): Document {
  const { sharding, database } = routing;
  if (!sharding) {
    return {
      shardVersion: { t: noTimestamp, e: noEpoch, v: noTimestamp },
      databaseVersion: database.version,
    };
  }
  const version = sharding.owners.get(shard) ?? noTimestamp;
  return { shardVersion: { t: sharding.timestamp, e: sharding.epoch, v: version } };
}

/** Codes with which a shard says that versions are stale: StaleEpoch, StaleDbVersion, StaleConfig. */
export const staleCodes: ReadonlySet<number> = new Set([150, 249, 13388]);
