/** Commands on the cluster: shards, sharded collections, zones and the balancer. The config servers do the work. */

import { dropped } from '../../machine/debug-log.js';
import { type Database, readConfig } from '../cluster/routing.js';
import { elementsAs, exactField, fieldValue, type Request, target } from '../request.js';
import type { Handler, Router } from '../router.js';
import { encoded } from '../wire/document.js';
import type { Document } from '../wire/document-type.js';
import { ServerError } from '../wire/errors.js';
import { messageHead } from '../wire/wire.js';
import { ensureDatabase, onPrimaryShard, onShard, splitNamespace } from './databases.js';

const majority = { writeConcern: { w: 'majority' } };
/** Generic fields that the router says itself when it speaks to the config servers. */
const own: ReadonlySet<string> = new Set(['writeConcern', 'readConcern', '$readPreference', 'lsid', '$db']);

/** The request as an internal command of the config servers, whose reply is the client's. */
function asConfigCommand(name: string, { durable }: { durable: boolean }): Handler {
  return (router, request) => {
    const parts = [
      ...elementsAs(request, name, own),
      encoded({ ...(durable ? majority : {}), $db: 'admin' }),
    ];
    return router.cluster.onPrimary(router.cluster.config, (primary) =>
      primary.request([messageHead(parts)]),
    );
  };
}

/** As `asConfigCommand`, after which what is known of where data lies is looked up anew. */
function changing(handler: Handler): Handler {
  return async (router, request, client) => {
    try {
      return await handler(router, request, client);
    } finally {
      router.routing.forgetAll();
    }
  };
}

export const addShard = changing(asConfigCommand('_configsvrAddShard', { durable: true }));
export const removeShard = changing(asConfigCommand('_configsvrRemoveShard', { durable: true }));
export const addShardToZone = asConfigCommand('_configsvrAddShardToZone', { durable: true });
export const removeShardFromZone = asConfigCommand('_configsvrRemoveShardFromZone', { durable: true });
export const balancerStart = asConfigCommand('_configsvrBalancerStart', { durable: false });
export const balancerStop = asConfigCommand('_configsvrBalancerStop', { durable: false });
export const balancerStatus = asConfigCommand('_configsvrBalancerStatus', { durable: false });
export const balancerCollectionStatus = asConfigCommand('_configsvrBalancerCollectionStatus', {
  durable: false,
});
export const configureCollectionBalancing = asConfigCommand('_configsvrConfigureCollectionBalancing', {
  durable: false,
});

export const updateZoneKeyRange: Handler = (router, request, client) => {
  splitNamespace(target(request));
  return asConfigCommand('_configsvrUpdateZoneKeyRange', { durable: true })(router, request, client);
};

export const listShards: Handler = async (router) => {
  return {
    shards: await readConfig(router.cluster, { find: 'shards', sort: { _id: 1 }, batchSize: 1000 }),
    ok: 1,
  };
};

export const enableSharding: Handler = async (router, request) => {
  const primaryShard = fieldValue(request, 'primaryShard');
  await ensureDatabase(router, target(request), typeof primaryShard === 'string' ? primaryShard : undefined);
  return { ok: 1 };
};

export const shardCollection: Handler = async (router, request) => {
  const namespace = target(request);
  const [name, collection] = splitNamespace(namespace);
  if (collection.startsWith('system.'))
    throw new ServerError('IllegalOperation', "can't shard system namespaces");
  const database = await ensureDatabase(router, name);
  await onPrimaryShard(router, database, {
    _shardsvrCreateCollection: collection,
    shardKey: shardKeyOf(request),
    ...options(request, [
      'unique',
      'numInitialChunks',
      'presplitHashedZones',
      'collation',
      'implicitlyCreateIndex',
      'enforceUniquenessCheck',
    ]),
  });
  return { collectionsharded: namespace, ok: 1 };
};

/** @throws ServerError when the command has no shard key */
function shardKeyOf(request: Request): Document {
  const key = exactField(request, 'key');
  if (key === undefined) {
    throw new ServerError(
      'Location40414',
      `BSON field '${request.command}.key' is missing but a required field`,
    );
  }
  if (typeof key !== 'object' || key === null || Array.isArray(key) || Object.keys(key).length === 0) {
    throw new ServerError('BadValue', 'Shard key is empty');
  }
  return key;
}

function options(request: Request, names: readonly string[]): Document {
  return Object.fromEntries(names.map((name) => [name, exactField(request, name)]));
}

/** The database of a sharded collection. @throws ServerError NamespaceNotFound, NamespaceNotSharded */
async function shardedDatabase(router: Router, namespace: string): Promise<Database> {
  const [name, collection] = splitNamespace(namespace);
  router.routing.forget(name);
  const routing = await router.routing.of(name, collection);
  if (!routing) throw new ServerError('NamespaceNotFound', `database ${name} not found`);
  if (!routing.sharding)
    throw new ServerError('NamespaceNotSharded', `Collection ${namespace} is not sharded.`);
  return routing.database;
}

export const reshardCollection = changing(async (router, request) => {
  const namespace = target(request);
  const database = await shardedDatabase(router, namespace);
  const command = {
    _shardsvrReshardCollection: namespace,
    key: shardKeyOf(request),
    ...options(request, ['unique', 'numInitialChunks', 'collation', 'zones']),
  };
  await onPrimaryShard(router, database, command, 'admin');
  return { ok: 1 };
});

export const refineCollectionShardKey = changing(async (router, request) => {
  const namespace = target(request);
  const database = await shardedDatabase(router, namespace);
  await onPrimaryShard(router, database, {
    _shardsvrRefineCollectionShardKey: splitNamespace(namespace)[1],
    newShardKey: shardKeyOf(request),
  });
  return { ok: 1 };
});

export const abortReshardCollection = asConfigCommand('_configsvrAbortReshardCollection', { durable: true });
export const commitReshardCollection = asConfigCommand('_configsvrCommitReshardCollection', {
  durable: true,
});

export const movePrimary: Handler = changing(async (router, request) => {
  const name = target(request);
  const to = fieldValue(request, 'to');
  if (typeof to !== 'string')
    throw new ServerError('InvalidOptions', 'you have to specify where you want to move it');
  const destination = await router.cluster.shard(to);
  const database = await router.routing.database(name);
  if (!database) throw new ServerError('NamespaceNotFound', `Database ${name} not found`);
  if (database.primary === destination.id) return { primary: database.primary, ok: 1 };
  await checkIndexesAlike(router, database, destination.id);
  await onPrimaryShard(router, database, { _shardsvrMovePrimary: name, to: destination.id }, 'admin');
  return { primary: destination.id, ok: 1 };
});

/**
 * A mongod that becomes primary shard aborts when it has documents of a sharded collection but lacks one of the
 * collection's indexes (invariant in index_builds_coordinator.cpp, 6.0.5; a createIndex straight on one shard does it).
 * @throws ServerError OperationFailed
 */
async function checkIndexesAlike(router: Router, { name, primary }: Database, to: string): Promise<void> {
  const prefix = `${name}.`;
  const sharded = await readConfig(router.cluster, { find: 'collections', batchSize: 10_000 });
  const collections = sharded
    .map(({ _id }) => String(_id))
    .filter((namespace) => namespace.startsWith(prefix));
  for (const namespace of collections) {
    const collection = namespace.slice(prefix.length);
    const [here, there] = await Promise.all(
      [primary, to].map((shard) => indexNames(router, shard, name, collection)),
    );
    const missing = here?.find((index) => !there?.includes(index));
    if (there && there.length > 0 && missing !== undefined) {
      throw new ServerError(
        'OperationFailed',
        `course router: shard ${to} lacks index ${missing} of ${namespace}: create it through the router first`,
      );
    }
  }
}

async function indexNames(
  router: Router,
  shard: string,
  database: string,
  collection: string,
): Promise<string[]> {
  // A collection that a shard does not have is an error there and no index here.
  const reply = await onShard(router, shard, database, {
    listIndexes: collection,
    cursor: { batchSize: 1000 },
  }).catch(dropped);
  return (reply?.cursor.firstBatch ?? []).map(({ name }: Document) => name);
}

export const flushRouterConfig: Handler = (router) => {
  router.routing.forgetAll();
  return { flushed: true, ok: 1 };
};

export const getShardMap: Handler = async (router) => {
  const shards = await router.cluster.shards();
  const map: Document = { config: router.identity.configdb };
  const hosts: Document = {};
  for (const { id, host, set } of shards) {
    map[id] = host;
    for (const member of set.members) hosts[member] = id;
  }
  const connStrings = Object.fromEntries(Object.entries(map).map(([id, host]) => [host, id]));
  return { map, hosts, connStrings, ok: 1 };
};

export const getShardVersion: Handler = async (router, request) => {
  const namespace = target(request);
  const [name, collection] = splitNamespace(namespace);
  const routing = await router.routing.of(name, collection);
  if (!routing) throw new ServerError('NamespaceNotFound', `database ${name} not found`);
  if (!routing.sharding)
    throw new ServerError('NamespaceNotSharded', `Collection ${namespace} is not sharded.`);
  const { epoch, timestamp, owners } = routing.sharding;
  const version = [...owners.values()].reduce((a, b) => (a.greaterThan(b) ? a : b));
  return { version, versionEpoch: epoch, versionTimestamp: timestamp, ok: 1 };
};

/** A command that the config servers answer under its own name. */
export const passToConfig: Handler = (router, request) => {
  const parts = elementsAs(request, request.command);
  return router.cluster.onPrimary(
    router.cluster.config,
    (primary) => primary.request([messageHead(parts)]),
    !request.spec.writes,
  );
};
