/** Commands on single chunks: split, move, merge. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Sharding, versionsFor } from '../cluster/routing.js';
import { exactField, fieldValue, type Request, target } from '../request.js';
import type { Handler, Router } from '../router.js';
import { decodeExact, encoded } from '../wire/document.js';
import type { Document } from '../wire/document-type.js';
import { ServerError, ServerReplyError } from '../wire/errors.js';
import { messageHead, replyBody } from '../wire/wire.js';
import { onConfig, onShard, splitNamespace } from './databases.js';
import { equalityOn, hashedField, matchesShardKeyFields } from './shard-key.js';

interface Chunk {
  readonly min: Document;
  readonly max: Document;
  readonly shard: string;
}

/** The sharded collection that the command names. @throws ServerError NamespaceNotSharded (118) */
async function shardedTarget(
  router: Router,
  request: Request,
): Promise<{ namespace: string; sharding: Sharding }> {
  const namespace = target(request);
  const [database, collection] = splitNamespace(namespace);
  // Chunks move without the router's doing: look afresh.
  router.routing.forget(database);
  const routing = await router.routing.of(database, collection);
  if (!routing?.sharding) {
    throw new ServerError('NamespaceNotSharded', `Collection ${namespace} is not sharded.`);
  }
  return { namespace, sharding: routing.sharding };
}

/** The chunk that holds a shard key (hashed fields already as their hashes), with exact types. */
async function chunkWith(router: Router, { uuid }: Sharding, key: Document): Promise<Chunk> {
  const command = encoded({
    find: 'chunks',
    filter: { uuid, min: { $lte: key }, max: { $gt: key } },
    limit: 1,
    singleBatch: true,
    $db: 'config',
  });
  const reply = await router.cluster.onPrimary(
    router.cluster.config,
    (primary) => primary.request([messageHead([command])]),
    true,
  );
  const answer = decodeExact(replyBody(reply));
  const chunk = answer.cursor?.firstBatch[0];
  if (!chunk) throw new ServerError('ShardKeyNotFound', 'no chunk holds this shard key');
  return { min: chunk.min, max: chunk.max, shard: chunk.shard };
}

/** The shard key as chunks store it. @throws ServerError if `find` does not give every field of the key */
async function storedKey(
  router: Router,
  request: Request,
  sharding: Sharding,
  find: Document,
): Promise<Document> {
  const key = equalityOn(sharding.key, find);
  if (!key)
    throw new ServerError(
      'OperationFailed',
      `no shard key found in chunk query ${JSON.stringify(fieldValue(request, 'find'))}`,
    );
  const hashed = hashedField(sharding.key);
  if (hashed === undefined) return key;
  const [shard] = sharding.owners.keys();
  const reply = await onShard(router, shard as string, 'admin', {
    aggregate: 1,
    pipeline: [
      { $documents: [{}] },
      { $project: { hash: { $toHashedIndexKey: { $literal: key[hashed] } } } },
    ],
    cursor: {},
  });
  const hash = reply.cursor.firstBatch[0].hash;
  return { ...key, [hashed]: typeof hash === 'number' ? BigInt(hash) : hash };
}

/** The two keys of `bounds`. @throws ServerError */
function boundsOf(request: Request, sharding: Sharding): [Document, Document] {
  const bounds = exactField(request, 'bounds');
  const [min, max] = Array.isArray(bounds) ? bounds : [];
  if (
    !min ||
    !max ||
    !matchesShardKeyFields(sharding.key, min) ||
    !matchesShardKeyFields(sharding.key, max)
  ) {
    throw new ServerError(
      'OperationFailed',
      `shard key bounds ${JSON.stringify(fieldValue(request, 'bounds'))} are not valid for shard key pattern ${JSON.stringify(sharding.key)}`,
    );
  }
  return [min, max];
}

function same(a: Document, b: Document): boolean {
  return encoded(a).equals(encoded(b));
}

async function chunkAt(router: Router, sharding: Sharding, [min, max]: [Document, Document]): Promise<Chunk> {
  const chunk = await chunkWith(router, sharding, min);
  if (!same(chunk.min, min) || !same(chunk.max, max)) {
    throw new ServerError(
      'OperationFailed',
      `no chunk found with the shard key bounds [${JSON.stringify(min)}, ${JSON.stringify(max)})`,
    );
  }
  return chunk;
}

export const split: Handler = async (router, request) => {
  const { namespace, sharding } = await shardedTarget(router, request);
  const [find, middle, bounds] = ['find', 'middle', 'bounds'].map((field) => exactField(request, field));
  const given = [find, middle, bounds].filter((value) => value !== undefined);
  if (given.length !== 1 || typeof given[0] !== 'object') {
    throw new ServerError('OperationFailed', 'need to specify one of find, bounds and middle');
  }
  let chunk: Chunk;
  let point: Document;
  if (middle) {
    point = middle as Document;
    if (!matchesShardKeyFields(sharding.key, point)) {
      throw new ServerError(
        'OperationFailed',
        `new split key ${JSON.stringify(fieldValue(request, 'middle'))} is not valid for shard key pattern ${JSON.stringify(sharding.key)}`,
      );
    }
    chunk = await chunkWith(router, sharding, point);
    if (same(chunk.min, point)) {
      throw new ServerError(
        'OperationFailed',
        `new split key ${JSON.stringify(fieldValue(request, 'middle'))} is a boundary key of existing chunk`,
      );
    }
  } else {
    chunk = find
      ? await chunkWith(router, sharding, await storedKey(router, request, sharding, find as Document))
      : await chunkAt(router, sharding, boundsOf(request, sharding));
    point = await median(router, namespace, sharding, chunk);
  }
  await onShard(router, chunk.shard, 'admin', {
    splitChunk: namespace,
    from: chunk.shard,
    keyPattern: sharding.key,
    epoch: sharding.epoch,
    timestamp: sharding.timestamp,
    min: chunk.min,
    max: chunk.max,
    splitKeys: [point],
  });
  router.routing.forgetAll();
  return { ok: 1 };
};

/** The key in the middle of a chunk's documents. @throws ServerError CannotSplit (141) */
async function median(
  router: Router,
  namespace: string,
  sharding: Sharding,
  chunk: Chunk,
): Promise<Document> {
  const shard = await router.cluster.shard(chunk.shard);
  const { shardVersion } = versionsFor(
    { database: { name: '', primary: '', version: {} }, sharding },
    chunk.shard,
  );
  const command = encoded({
    splitVector: namespace,
    keyPattern: sharding.key,
    min: chunk.min,
    max: chunk.max,
    force: true,
    shardVersion,
    $db: 'admin',
  });
  const reply = await router.cluster.onPrimary(
    shard.set,
    (primary) => primary.request([messageHead([command])]),
    true,
  );
  const answer = decodeExact(replyBody(reply));
  if (Number(answer.ok) !== 1) throw new ServerReplyError({ ...answer, ok: 0, code: Number(answer.code) });
  const point = answer.splitKeys?.[0];
  if (!point)
    throw new ServerError('CannotSplit', 'Unable to find median in chunk because chunk is indivisible.');
  return point;
}

/** @throws ServerError ShardNotFound (70) */
async function destination(router: Router, namespace: string, to: unknown): Promise<string> {
  if (typeof to !== 'string') throw new ServerError('TypeMismatch', "'to' must be of type String");
  const shards = await router.cluster.shards();
  // mongos takes a shard by its id and by its host.
  const shard = shards.find(({ id, host, set }) => id === to || host === to || set.members.includes(to));
  if (!shard)
    throw new ServerError(
      'ShardNotFound',
      `Could not move chunk in ${namespace} to ${to} because that shard does not exist`,
    );
  return shard.id;
}

export const moveChunk: Handler = async (router, request) => {
  const started = Date.now();
  const { namespace, sharding } = await shardedTarget(router, request);
  const toShard = await destination(router, namespace, fieldValue(request, 'to'));
  const find = exactField(request, 'find') as Document | undefined;
  const bounds = exactField(request, 'bounds');
  if ((find === undefined) === (bounds === undefined)) {
    throw new ServerError(
      'OperationFailed',
      'need to specify either a find query, or both lower and upper bounds.',
    );
  }
  const chunk = find
    ? await chunkWith(router, sharding, await storedKey(router, request, sharding, find))
    : await chunkAt(router, sharding, boundsOf(request, sharding));
  await move(router, request, { _configsvrMoveRange: namespace, toShard, min: chunk.min, max: chunk.max });
  return { millis: Date.now() - started, ok: 1 };
};

export const moveRange: Handler = async (router, request) => {
  const { namespace, sharding } = await shardedTarget(router, request);
  const [min, max] = [exactField(request, 'min'), exactField(request, 'max')] as (Document | undefined)[];
  for (const bound of [min, max]) {
    if (bound !== undefined && (typeof bound !== 'object' || !matchesShardKeyFields(sharding.key, bound))) {
      throw new ServerError(
        'InvalidOptions',
        'the range bounds must have exactly the fields of the shard key',
      );
    }
  }
  if (!min && !max) throw new ServerError('InvalidOptions', 'moveRange needs min, max or both');
  const toShard = await destination(router, namespace, fieldValue(request, 'toShard'));
  await move(router, request, { _configsvrMoveRange: namespace, toShard, min, max });
  return { ok: 1 };
};

/** A config server that has just become primary refuses to move anything until it has found its feet, in milliseconds. */
const refusesAtFirst = 15_000;

async function move(router: Router, request: Request, command: Document): Promise<void> {
  const yes = (name: string) => fieldValue(request, name) === true;
  await onceItMoves(router, {
    ...command,
    waitForDelete: yes('waitForDelete') || yes('_waitForDelete') || undefined,
    forceJumbo: yes('forceJumbo') || undefined,
    writeConcern: { w: 'majority' },
  });
  router.routing.forgetAll();
}

/** Asks again while the config server says "Request rejected - balancer scheduler is stopped": nothing was done then. */
async function onceItMoves(router: Router, command: Document): Promise<void> {
  const until = Date.now() + refusesAtFirst;
  for (;;) {
    try {
      await onConfig(router, command);
      return;
    } catch (error) {
      const refused = error instanceof ServerReplyError && error.reply.codeName === 'BalancerInterrupted';
      if (!refused || Date.now() > until) throw error;
      await delay(250);
    }
  }
}

export const mergeChunks: Handler = async (router, request) => {
  const { namespace, sharding } = await shardedTarget(router, request);
  const bounds = boundsOf(request, sharding);
  const { shard } = await chunkWith(router, sharding, bounds[0]);
  await onShard(router, shard, 'admin', {
    mergeChunks: namespace,
    bounds,
    config: router.identity.configdb,
    shardName: shard,
    epoch: sharding.epoch,
    timestamp: sharding.timestamp,
  });
  router.routing.forgetAll();
  return { ok: 1 };
};

export const clearJumboFlag: Handler = async (router, request) => {
  const { namespace, sharding } = await shardedTarget(router, request);
  const find = exactField(request, 'find') as Document | undefined;
  const { min, max } = find
    ? await chunkWith(router, sharding, await storedKey(router, request, sharding, find))
    : await chunkAt(router, sharding, boundsOf(request, sharding));
  await onConfig(router, {
    _configsvrClearJumboFlag: namespace,
    epoch: sharding.epoch,
    minKey: min,
    maxKey: max,
    writeConcern: { w: 'majority' },
  });
  return { ok: 1 };
};
