/** Commands on one collection that each owning shard answers for its part: count, distinct, findAndModify, statistics. */

import { failureCode } from '../cluster/cluster.js';
import { ownersOf, type Routing } from '../cluster/routing.js';
import { elementsAs, exactField, fieldValue, type Request, target } from '../request.js';
import type { Handler, Router } from '../router.js';
import { decode, decodeExact, encoded } from '../wire/document.js';
import type { Document } from '../wire/document-type.js';
import { ServerError, ServerReplyError } from '../wire/errors.js';
import { messageHead, replyBody } from '../wire/wire.js';
import { type Answer, askAll, askShards, documentOf, rawReplies, sameCommand, sum } from './broadcast.js';
import { rememberCursor } from './crud.js';
import { ensureDatabase } from './databases.js';
import { equalityOn } from './shard-key.js';

/** CommandOnShardedViewNotSupportedOnMongod: the target is a view, which only an aggregation resolves over shards. */
const viewCode = 169;

const isView = (answers: readonly Answer[]) => answers.some(({ reply }) => failureCode(reply) === viewCode);

/** Whether other members than the primaries may answer: then it is said as an aggregation, for which MongoDB finds them. */
const mayReadElsewhere = (request: Request): boolean => {
  const preference = exactField(request, '$readPreference') as Document | undefined;
  return preference?.mode !== undefined && preference.mode !== 'primary';
};

export const count: Handler = async (router, request) => {
  const skip = Number(fieldValue(request, 'skip') ?? 0);
  const limit = Math.abs(Number(fieldValue(request, 'limit') ?? 0));
  const shardsOwn = skip > 0 || limit > 0 ? new Set(['skip', 'limit']) : undefined;
  const answers = mayReadElsewhere(request)
    ? undefined
    : ((await askShards(router, request, sameCommand(request, shardsOwn))) ?? []);
  const total =
    answers === undefined || isView(answers)
      ? await countByAggregation(router, request)
      : sum(answers.map(documentOf), 'n');
  const rest = Math.max(0, total - skip);
  return { n: limit > 0 ? Math.min(rest, limit) : rest, ok: 1 };
};

async function countByAggregation(router: Router, request: Request): Promise<number> {
  const [first] = await aggregateOver(router, request, [
    { $match: exactField(request, 'query') ?? {} },
    { $count: 'n' },
  ]);
  return Number(first?.n ?? 0);
}

/** What count and distinct have in common with the aggregation they may be said as. */
const ofAnyRead = ['collation', 'hint', 'maxTimeMS', 'readConcern', '$readPreference'];

/** The documents of one batch of an aggregation on the request's own collection or view. */
async function aggregateOver(router: Router, request: Request, pipeline: Document[]): Promise<Document[]> {
  const head = encoded({
    clusterAggregate: target(request),
    pipeline,
    cursor: { batchSize: 100_000 },
    ...Object.fromEntries(ofAnyRead.map((name) => [name, exactField(request, name)])),
    $db: request.database,
  });
  const answered = await router.cluster.onCoordinator(() => [messageHead([head])], true);
  if (!answered) return [];
  const reply = decodeExact(replyBody(answered.reply));
  if (Number(reply.ok) !== 1) throw new ServerReplyError(decode(replyBody(answered.reply)));
  return reply.cursor.firstBatch;
}

export const distinct: Handler = async (router, request) => {
  const key = fieldValue(request, 'key');
  if (typeof key !== 'string')
    throw new ServerError('TypeMismatch', '"key" had the wrong type. Expected string');
  const answers = mayReadElsewhere(request)
    ? undefined
    : ((await askShards(router, request, sameCommand(request))) ?? []);
  if (answers === undefined || isView(answers)) {
    const documents = await aggregateOver(router, request, [
      { $match: exactField(request, 'query') ?? {} },
      { $unwind: { path: `$${key}`, preserveNullAndEmptyArrays: false } },
      { $group: { _id: `$${key}` } },
      { $sort: { _id: 1 } },
    ]);
    return { values: documents.map(({ _id }) => _id), ok: 1 };
  }
  const [only, ...others] = answers;
  if (!only) return { values: [], ok: 1 };
  if (others.length === 0) return only.reply;
  for (const answer of answers) documentOf(answer);
  const values = answers.flatMap(({ reply }) => decodeExact(replyBody(reply)).values);
  return { values: await distinctValues(router, request, values), ok: 1 };
};

/** Equal values once, in order: a server knows best what equals what (1 and 1.0, a collation's letters). */
async function distinctValues(router: Router, request: Request, values: unknown[]): Promise<unknown[]> {
  const command = encoded({
    aggregate: 1,
    pipeline: [
      { $documents: values.map((value) => ({ value: { $literal: value } })) },
      { $group: { _id: '$value' } },
      { $sort: { _id: 1 } },
    ],
    collation: exactField(request, 'collation'),
    cursor: { batchSize: 10_000_000 },
    $db: request.database,
  });
  const answered = await router.cluster.onCoordinator(() => [messageHead([command])], true);
  const reply = answered && decodeExact(replyBody(answered.reply));
  if (!answered || Number(reply?.ok) !== 1) {
    throw answered
      ? new ServerReplyError(decode(replyBody(answered.reply)))
      : new ServerError('ShardNotFound', 'No shards found');
  }
  return reply?.cursor.firstBatch.map(({ _id }: Document) => _id);
}

export const findAndModify: Handler = async (router, request) => {
  await ensureDatabase(router, request.database);
  const filter = (exactField(request, 'query') ?? {}) as Document;
  const answers = await askShards(router, request, sameCommand(request), async (routing) => [
    await shardFor(router, request, routing, filter),
  ]);
  const answer = answers?.[0];
  if (!answer) throw namespaceNotFound(request);
  return answer.reply;
};

/** The one shard that the filter's shard key names. @throws ServerError ShardKeyNotFound (61), as mongos */
async function shardFor(
  router: Router,
  request: Request,
  routing: Routing,
  filter: Document,
): Promise<string> {
  const { sharding, database } = routing;
  if (!sharding) return database.primary;
  const key = equalityOn(sharding.key, filter);
  if (!key) {
    throw new ServerError('ShardKeyNotFound', 'Query for sharded findAndModify must contain the shard key');
  }
  const [shard] = await shardsFor(router, request, key);
  if (!shard) throw new ServerError('ShardKeyNotFound', 'no shard owns this shard key');
  return shard;
}

/** The shards that MongoDB itself would send a query to, by its own plan. */
export async function shardsFor(router: Router, request: Request, filter: unknown): Promise<string[]> {
  const command = encoded({
    explain: { clusterFind: target(request), filter },
    verbosity: 'queryPlanner',
    $db: request.database,
  });
  const answered = await router.cluster.onCoordinator(() => [messageHead([command])], true);
  const plan = answered
    ? decode(replyBody(answered.reply))
    : { ok: 0, errmsg: 'No shards found', code: 70, codeName: 'ShardNotFound' };
  if (plan.ok !== 1) throw new ServerReplyError(plan);
  const shards: Document[] = plan.queryPlanner?.winningPlan?.shards ?? [];
  return shards.map(({ shardName }) => shardName);
}

export const createIndexes: Handler = async (router, request) => {
  await ensureDatabase(router, request.database);
  const answers = (await askShards(router, request, sameCommand(request))) ?? [];
  const failed = answers.find(({ reply }) => failureCode(reply) !== undefined);
  if (failed) throw new ServerReplyError({ ...decode(replyBody(failed.reply)), raw: rawReplies(answers) });
  return { raw: rawReplies(answers), ok: 1 };
};

export const validate: Handler = async (router, request) => {
  const answers = await askShards(router, request, sameCommand(request));
  if (!answers) throw namespaceNotFound(request);
  const documents = answers.map(documentOf);
  return { raw: rawReplies(answers), valid: documents.every(({ valid }) => valid === true), ok: 1 };
};

export const collStats: Handler = async (router, request) => {
  // Statistics are of what lies on a shard, owned or not: no versions go with them that would tell of a stale view.
  router.routing.forget(request.database);
  const answers = await askShards(router, request, () => elementsAs(request, 'collStats'));
  const routing = await router.routing.of(request.database, target(request));
  const documents = (answers ?? []).map(documentOf);
  const indexSizes: Record<string, number> = {};
  for (const document of documents) {
    for (const [name, size] of Object.entries(document.indexSizes ?? {})) {
      indexSizes[name] = (indexSizes[name] ?? 0) + Number(size);
    }
  }
  const objects = sum(documents, 'count');
  const size = sum(documents, 'size');
  return {
    sharded: routing?.sharding !== undefined,
    ...(routing?.sharding ? {} : { primary: routing?.database.primary }),
    ns: `${request.database}.${target(request)}`,
    count: objects,
    size,
    storageSize: sum(documents, 'storageSize'),
    totalIndexSize: sum(documents, 'totalIndexSize'),
    totalSize: sum(documents, 'totalSize'),
    indexSizes,
    avgObjSize: objects > 0 ? size / objects : 0,
    nindexes: Math.max(0, ...documents.map(({ nindexes }) => Number(nindexes))),
    scaleFactor: documents[0]?.scaleFactor ?? 1,
    shards: Object.fromEntries((answers ?? []).map((answer, at) => [answer.shard.id, documents[at]])),
    ok: 1,
  };
};

export const dataSize: Handler = async (router, request) => {
  // Here the command names a whole namespace, not a collection of $db.
  const namespace = target(request);
  const collection = namespace.slice(request.database.length + 1);
  if (!namespace.startsWith(`${request.database}.`) || collection === '') {
    throw new ServerError('InvalidNamespace', `${namespace} is not a collection of ${request.database}`);
  }
  router.routing.forget(request.database);
  const routing = await router.routing.of(request.database, collection);
  const answers = routing
    ? await askAll(router, ownersOf(routing), false, () => elementsAs(request, request.command))
    : [];
  const documents = answers.map(documentOf);
  return {
    size: sum(documents, 'size'),
    numObjects: sum(documents, 'numObjects'),
    millis: Math.max(0, ...documents.map(({ millis }) => Number(millis))),
    ok: 1,
  };
};

export const listIndexes: Handler = async (router, request) => {
  // Every owner has the same indexes.
  const answers = await askShards(router, request, sameCommand(request), (routing) =>
    ownersOf(routing).slice(0, 1),
  );
  const answer = answers?.[0];
  if (!answer) throw namespaceNotFound(request);
  rememberCursor(router, request, answer.reply, answer.address, 'getMore');
  return answer.reply;
};

function namespaceNotFound(request: Request): ServerError {
  return new ServerError('NamespaceNotFound', `ns does not exist: ${request.database}.${target(request)}`);
}
