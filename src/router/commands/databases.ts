/** Commands on whole databases, and what makes, lists and drops collections. */

import type { Database } from '../cluster/routing.js';
import { staleCodes } from '../cluster/routing.js';
import { elementsAs, exactField, fieldValue, type Request, target } from '../request.js';
import type { Handler, Router } from '../router.js';
import type { Document } from '../wire/document-type.js';
import { ServerError, ServerReplyError } from '../wire/errors.js';
import { askAll, documentOf, rawReplies, sum } from './broadcast.js';
import { emptyCursor, rememberCursor } from './crud.js';

const majority = { w: 'majority' };

/**
 * The database, made on a shard of the config servers' choice if it does not exist.
 * @throws ServerReplyError with mongos's words if no shard has been added (70)
 */
export async function ensureDatabase(router: Router, name: string, primaryShard?: string): Promise<Database> {
  const found = await router.routing.database(name);
  if (found && primaryShard === undefined) return found;
  const command = {
    _configsvrCreateDatabase: name,
    primaryShardId: primaryShard,
    writeConcern: majority,
  };
  try {
    await onConfig(router, command);
  } catch (error) {
    if (error instanceof ServerReplyError && error.reply.code === 70 && primaryShard === undefined) {
      const errmsg = `Database ${name} could not be created :: caused by :: ${error.reply.errmsg}`;
      throw new ServerReplyError({ ...error.reply, errmsg });
    }
    throw error;
  }
  router.routing.forget(name);
  return (await router.routing.database(name)) as Database;
}

/** Runs a command of the router's own on the config servers' primary. */
export function onConfig(router: Router, command: Document): Promise<Document> {
  return router.cluster.onPrimary(router.cluster.config, (primary) => primary.run('admin', command));
}

/** Runs a command of the router's own on a shard's primary. */
export async function onShard(
  router: Router,
  id: string,
  database: string,
  command: Document,
): Promise<Document> {
  const shard = await router.cluster.shard(id);
  return router.cluster.onPrimary(shard.set, (primary) => primary.run(database, command));
}

/**
 * Runs a command on a database's primary shard with the database's version, once more if that version was stale.
 * `on`: the database that the command is sent to, where it is not the same.
 */
export async function onPrimaryShard(
  router: Router,
  database: Database,
  command: Document,
  on = database.name,
): Promise<Document> {
  const send = (db: Database) =>
    onShard(router, db.primary, on, { ...command, databaseVersion: db.version, writeConcern: majority });
  try {
    return await send(database);
  } catch (error) {
    if (!(error instanceof ServerReplyError) || !staleCodes.has(Number(error.reply.code))) throw error;
    router.routing.forget(database.name);
    const fresh = await router.routing.database(database.name);
    if (!fresh) throw error;
    return send(fresh);
  } finally {
    router.routing.forget(database.name);
  }
}

/** A collection's name that a client may make, change or drop. @throws ServerError */
function ownCollection(request: Request): string {
  const name = target(request);
  if (name.startsWith('system.')) {
    throw new ServerError(
      'Unauthorized',
      `course router: ${request.database}.${name} is not changed through it`,
    );
  }
  return name;
}

const reply = ({ ok, raw, ...rest }: Document): Document => {
  const { $clusterTime, operationTime, lastCommittedOpTime, $configTime, $topologyTime, $gleStats, ...own } =
    rest;
  return { ...(raw ? { raw } : {}), ...own, ok };
};

/** The request's fields with exact types, without the generic ones that the router sends by itself. */
function optionsOf(request: Request): Document {
  return Object.fromEntries(
    request.fields
      .filter(({ name }) => request.spec.fields.has(name))
      .map(({ name }) => [name, exactField(request, name)]),
  );
}

export const create: Handler = async (router, request) => {
  const database = await ensureDatabase(router, request.database);
  return reply(
    await onPrimaryShard(router, database, { create: ownCollection(request), ...optionsOf(request) }),
  );
};

export const drop: Handler = async (router, request) => {
  const collection = ownCollection(request);
  const database = await router.routing.database(request.database);
  if (!database) return { ok: 1 };
  return reply(await onPrimaryShard(router, database, { _shardsvrDropCollection: collection }));
};

export const dropDatabase: Handler = async (router, request) => {
  const database = await router.routing.database(request.database);
  if (!database) return { info: 'database does not exist', ok: 1 };
  await onPrimaryShard(router, database, { _shardsvrDropDatabase: 1 });
  return { dropped: request.database, ok: 1 };
};

export const dropIndexes: Handler = async (router, request) => {
  const collection = ownCollection(request);
  const database = await existing(router, request);
  return reply(
    await onPrimaryShard(router, database, {
      _shardsvrDropIndexes: collection,
      index: exactField(request, 'index'),
    }),
  );
};

export const collMod: Handler = async (router, request) => {
  const collection = ownCollection(request);
  const database = await existing(router, request);
  return reply(
    await onPrimaryShard(router, database, { _shardsvrCollMod: collection, ...optionsOf(request) }),
  );
};

export const renameCollection: Handler = async (router, request) => {
  const [from, to] = [target(request), fieldValue(request, 'to')];
  const [fromDb, fromColl] = splitNamespace(from);
  const [toDb, toColl] = splitNamespace(typeof to === 'string' ? to : '');
  if (fromDb !== toDb) {
    throw new ServerError(
      'CommandNotSupported',
      'course router: a collection is renamed within its database only',
    );
  }
  if (fromColl.startsWith('system.') || toColl.startsWith('system.')) {
    throw new ServerError('IllegalOperation', 'cannot rename system collections');
  }
  const database = await router.routing.database(fromDb);
  if (!database) throw new ServerError('NamespaceNotFound', `source namespace does not exist`);
  return reply(
    await onPrimaryShard(router, database, {
      _shardsvrRenameCollection: fromColl,
      to: `${toDb}.${toColl}`,
      dropTarget: fieldValue(request, 'dropTarget') === true,
    }),
  );
};

async function existing(router: Router, request: Request): Promise<Database> {
  const database = await router.routing.database(request.database);
  if (!database)
    throw new ServerError('NamespaceNotFound', `ns not found ${request.database}.${target(request)}`);
  return database;
}

const internal = new Set(['admin', 'config', 'local']);

/** `database.collection`, taken apart. @throws ServerError InvalidNamespace */
export function splitNamespace(namespace: string): [string, string] {
  const dot = namespace.indexOf('.');
  const database = namespace.slice(0, dot);
  if (dot <= 0 || dot === namespace.length - 1 || namespace.length > 255 || /[/\\ "$\0]/.test(database)) {
    throw new ServerError('InvalidNamespace', `Invalid namespace specified '${namespace}'`);
  }
  if (internal.has(database)) {
    throw new ServerError(
      'IllegalOperation',
      `course router: ${namespace} is the cluster’s own: it is neither sharded nor moved`,
    );
  }
  return [database, namespace.slice(dot + 1)];
}

export const listCollections: Handler = async (router, request) => {
  // Another router may have moved the primary shard, and nothing in the answer would tell.
  router.routing.forget(request.database);
  const database = await router.routing.database(request.database);
  if (!database) return emptyCursor(`${request.database}.$cmd.listCollections`);
  const [answer] = await askAll(router, [database.primary], false, () =>
    elementsAs(request, 'listCollections'),
  );
  if (!answer) return emptyCursor(`${request.database}.$cmd.listCollections`);
  rememberCursor(router, request, answer.reply, answer.address, 'getMore');
  return answer.reply;
};

export const listDatabases: Handler = async (router, request) => {
  const shards = (await router.cluster.shards()).map(({ id }) => id);
  const parts = elementsAs(request, 'listDatabases');
  const answers = await askAll(router, shards, false, () => parts);
  const nameOnly = fieldValue(request, 'nameOnly') === true;
  const onShards = new Map<string, Record<string, number>>();
  for (const answer of answers) {
    for (const { name, sizeOnDisk } of documentOf(answer).databases as Document[]) {
      if (internal.has(name)) continue;
      const sizes = onShards.get(name) ?? {};
      sizes[answer.shard.id] = Number(sizeOnDisk ?? 0);
      onShards.set(name, sizes);
    }
  }
  const filter = fieldValue(request, 'filter');
  const config = await onConfig(router, { listDatabases: 1, nameOnly, ...(filter ? { filter } : {}) });
  for (const { name, sizeOnDisk } of config.databases as Document[]) {
    if (name === 'admin' || name === 'config') onShards.set(name, { config: Number(sizeOnDisk ?? 0) });
  }
  const databases = [...onShards]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sizes]) => {
      if (nameOnly) return { name };
      const sizeOnDisk = Object.values(sizes).reduce((total, size) => total + size, 0);
      return { name, sizeOnDisk, empty: sizeOnDisk === 0, shards: sizes };
    });
  if (nameOnly) return { databases, ok: 1 };
  const totalSize = databases.reduce((total, { sizeOnDisk = 0 }) => total + sizeOnDisk, 0);
  return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 2 ** 20), ok: 1 };
};

export const dbStats: Handler = async (router, request) => {
  const shards = (await router.cluster.shards()).map(({ id }) => id);
  const answers = await askAll(router, shards, false, () => elementsAs(request, 'dbStats'));
  const documents = answers.map(documentOf);
  const fields = [
    'collections',
    'views',
    'objects',
    'dataSize',
    'storageSize',
    'totalFreeStorageSize',
    'numExtents',
    'indexes',
    'indexSize',
    'indexFreeStorageSize',
    'totalSize',
    'fsUsedSize',
    'fsTotalSize',
  ].filter((field) => documents.some((document) => field in document));
  const totals: Document = Object.fromEntries(fields.map((field) => [field, sum(documents, field)]));
  const avgObjSize = totals.objects > 0 ? totals.dataSize / totals.objects : 0;
  return {
    raw: rawReplies(answers),
    db: request.database,
    ...totals,
    avgObjSize,
    scaleFactor: documents[0]?.scaleFactor ?? 1,
    ok: 1,
  };
};
