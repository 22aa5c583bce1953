/** Reads and writes: MongoDB's own routing on a shard's mongod does the distributed work. */
import { dropped } from '../../machine/debug-log.js';
import { failureCode } from '../cluster/cluster.js';
import { newOperation, type Operation } from '../cluster/operations-under-way.js';
import { elementsAs, fieldOf, type Request, target } from '../request.js';
import type { Handler, Router } from '../router.js';
import { elementsOf, encoded, Type, verbatim } from '../wire/document.js';
import type { Document } from '../wire/document-type.js';
import { ServerError } from '../wire/errors.js';
import { messageHead } from '../wire/wire.js';
import { type Cursor, openCursor } from './cursors.js';

const clusterNames = {
  find: 'clusterFind',
  aggregate: 'clusterAggregate',
  insert: 'clusterInsert',
  update: 'clusterUpdate',
  delete: 'clusterDelete',
} as const;

type Coordinated = keyof typeof clusterNames;

/** The name under which a shard's mongod takes a command as a router would. */
export function clusterName(command: string): string {
  const name = clusterNames[command as Coordinated];
  if (!name)
    throw new ServerError('CommandNotSupported', `course router: explain of ${command} is not supported`);
  return name;
}

/** A message of the request's own bytes under another name, followed by its document sequences. */
export function rewritten(request: Request, name: string): Buffer[] {
  const { sequences } = request;
  let following = 0;
  for (const { bytes } of sequences) following += bytes.length;
  const pieces = [messageHead(elementsAs(request, name), following)];
  for (const { bytes } of sequences) pieces.push(bytes);
  return pieces;
}

export const coordinate: Handler = async (router, request, client) => {
  checkTarget(request);
  const name = clusterName(request.command);
  const writes = request.spec.writes || request.stages.has('$out') || request.stages.has('$merge');
  const operation = operationOf(request);
  if (!writes) client.reading = operation;
  const answered = await router.cluster.onCoordinator(() => rewritten(request, name), !writes, operation);
  if (!answered) return withoutShards(request);
  if (!request.spec.writes) {
    rememberCursor(router, request, answered.reply, answered.upstream.address, 'clusterGetMore');
  }
  return answered.reply;
};

/** What is kept in mind of a request while a server works on it. */
export function operationOf(request: Request): Operation {
  const session = fieldOf(request, 'lsid');
  return newOperation(session && verbatim(request.body, session));
}

/** Collections of the system's own are not a client's to write; `aggregate: 1` asks a whole database. */
function checkTarget(request: Request): void {
  const { first, command, spec } = request;
  if (
    command === 'aggregate' &&
    (first.type === Type.int32 || first.type === Type.double || first.type === Type.int64)
  )
    return;
  const collection = target(request);
  if (spec.writes && collection.startsWith('system.')) {
    throw new ServerError(
      'Unauthorized',
      `course router: ${request.database}.${collection} is not written through it`,
    );
  }
}

/** What mongos answers while no shard has been added. */
function withoutShards(request: Request): Document {
  if (request.spec.writes) {
    throw new ServerError(
      'ShardNotFound',
      `Database ${request.database} could not be created :: caused by :: No shards found`,
    );
  }
  const collection = request.first.type === Type.string ? target(request) : '$cmd.aggregate';
  return emptyCursor(`${request.database}.${collection}`);
}

/** A cursor's first and last batch, without documents. */
export function emptyCursor(namespace: string): Document {
  return cursorOver(namespace, []);
}

/** A cursor that ends with this one batch. */
export function cursorOver(namespace: string, firstBatch: Document[]): Document {
  return { cursor: { firstBatch, id: 0n, ns: namespace }, ok: 1 };
}

/** Keeps in mind which server owns the cursor that `reply` opens. */
export function rememberCursor(
  router: Router,
  request: Request,
  reply: Buffer,
  address: string,
  getMore: Cursor['getMore'],
): void {
  const opened = openCursor(reply);
  if (!opened) return;
  const session = fieldOf(request, 'lsid');
  router.cursors.add(opened.id, {
    address,
    getMore,
    database: request.database,
    collection: opened.collection,
    // A copy: the view would keep the whole message that it is a part of.
    session: session && Buffer.from(verbatim(request.body, session)),
  });
}

export const getMore: Handler = async (router, request, client) => {
  const { body, first, database } = request;
  if (first.type !== Type.int64)
    throw new ServerError('TypeMismatch', "Field 'getMore' must be of type long");
  const id = body.toString('latin1', first.value, first.end);
  const cursor = router.cursors.find(id);
  if (!cursor || cursor.database !== database) {
    throw new ServerError('CursorNotFound', `cursor id ${body.readBigInt64LE(first.value)} not found`);
  }
  try {
    const operation = operationOf(request);
    client.reading = operation;
    const pieces = rewritten(request, cursor.getMore);
    const reply = await router.cluster.onServer(cursor.address, pieces, operation);
    if (openCursor(reply) === undefined) {
      // Only a cursor that has ended is forgotten: another session's attempt leaves it as it is.
      const code = failureCode(reply);
      if (code === undefined || code === 43) router.cursors.remove(id);
    }
    return reply;
  } catch (error) {
    // Whatever ended the wait closed the connection, and with it the cursor.
    router.cursors.remove(id);
    throw error;
  }
};

export const killCursors: Handler = async (router, request) => {
  const killed: bigint[] = [];
  const notFound: bigint[] = [];
  for (const { key, id } of cursorIds(request)) {
    const cursor = router.cursors.find(key);
    if (!cursor || cursor.database !== request.database) {
      notFound.push(id);
      continue;
    }
    router.cursors.remove(key);
    await closeCursor(router, id, cursor);
    killed.push(id);
  }
  return { cursorsKilled: killed, cursorsNotFound: notFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 };
};

function cursorIds(request: Request): { key: string; id: bigint }[] {
  const cursors = fieldOf(request, 'cursors');
  if (cursors?.type !== Type.array)
    throw new ServerError('TypeMismatch', "Field 'cursors' must be of an array type");
  return elementsOf(request.body, cursors.value, cursors.end).map((element) => {
    if (element.type !== Type.int64)
      throw new ServerError('TypeMismatch', "Field 'cursors' contains an element that is not of type long");
    return {
      key: request.body.toString('latin1', element.value, element.end),
      id: request.body.readBigInt64LE(element.value),
    };
  });
}

/**
 * There is no clusterKillCursors. A mongod closes a cluster cursor, and those on the shards under it, when a getMore
 * for it fails; one with maxTimeMS, which only tailable cursors may have, surely does (measured, 6.0.5).
 */
async function closeCursor(router: Router, id: bigint, cursor: Cursor): Promise<void> {
  const parts =
    cursor.getMore === 'clusterGetMore'
      ? [encoded({ clusterGetMore: id, collection: cursor.collection, maxTimeMS: 1 })]
      : [encoded({ killCursors: cursor.collection, cursors: [id] })];
  if (cursor.session) parts.push(cursor.session);
  parts.push(encoded({ $db: cursor.database }));
  // A server that is gone has closed its cursors.
  await router.cluster
    .upstreamAt(cursor.address)
    .request([messageHead(parts)])
    .catch(dropped);
}
