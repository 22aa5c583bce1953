/** What runs in the cluster now, and ending it. */

import { fieldValue } from '../request.js';
import type { Handler } from '../router.js';
import { decode, encoded } from '../wire/document.js';
import type { Document } from '../wire/document-type.js';
import { ServerError, ServerReplyError } from '../wire/errors.js';
import { messageHead, replyBody } from '../wire/wire.js';
import { askAll } from './broadcast.js';

/** `{inprog: [...]}` of every shard; an operation's id is `shard:number`, as $currentOp gives it to a router. */
export const currentOp: Handler = async (router, request) => {
  const own = fieldValue(request, '$ownOps') === true;
  const all = fieldValue(request, '$all') === true;
  const command = encoded({
    clusterAggregate: 1,
    pipeline: [{ $currentOp: { allUsers: !own, idleConnections: all } }],
    cursor: { batchSize: 100_000 },
    $db: 'admin',
  });
  const answered = await router.cluster.onCoordinator(() => [messageHead([command])], true);
  if (!answered) return { inprog: [], ok: 1 };
  const reply: Document = decode(replyBody(answered.reply));
  if (reply.ok !== 1) throw new ServerReplyError(reply);
  return { inprog: reply.cursor.firstBatch, ok: 1 };
};

export const killOp: Handler = async (router, request) => {
  const op = fieldValue(request, 'op');
  const [, shard, number] = /^(.+):(-?\d{1,10})$/.exec(String(op)) ?? [];
  if (shard === undefined) {
    throw new ServerError(
      'BadValue',
      `The op argument to killOp must be of the format shardid:opid but found "${op}"`,
    );
  }
  const command = encoded({ killOp: 1, op: Number(number), $db: 'admin' });
  await askAll(router, [shard], false, () => [command]);
  return { shard, shardid: Number(number), ok: 1 };
};
