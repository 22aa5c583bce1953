/** The databases of the cluster itself: `config` and `admin` lie on the config servers, `local` is each mongod's own. */

import { admitNested, exactField, type Request, target } from '../request.js';
import type { Handler } from '../router.js';
import { decodeExact } from '../wire/document.js';
import type { Document } from '../wire/document-type.js';
import { ServerError } from '../wire/errors.js';
import { sequenceDocuments } from '../wire/wire.js';
import { rememberCursor, rewritten } from './crud.js';

const reads: ReadonlySet<string> = new Set([
  'find',
  'aggregate',
  'count',
  'distinct',
  'listCollections',
  'listIndexes',
  'collStats',
  'dbStats',
]);
const writes: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'findAndModify']);

export function isInternalDatabase(name: string): boolean {
  return name === 'config' || name === 'admin' || name === 'local';
}

/** Runs a command on `config` or `admin`, as it is, on the config servers' primary. */
export const onInternalDatabase: Handler = async (router, request) => {
  check(request);
  const { cluster } = router;
  const reply = await cluster.onPrimary(
    cluster.config,
    async (primary) => {
      const answer = await primary.request(rewritten(request, request.command));
      rememberCursor(router, request, answer, primary.address, 'getMore');
      return answer;
    },
    !request.spec.writes,
  );
  return reply;
};

function check(request: Request): void {
  const { command, database } = request;
  if (database === 'local') {
    throw new ServerError(
      'IllegalOperation',
      'course router: local is each mongod’s own database: connect to that mongod to look at it',
    );
  }
  const explained = command === 'explain' ? admitNested(request).command : command;
  if (reads.has(explained) && !request.stages.has('$out') && !request.stages.has('$merge')) return;
  if (writes.has(command) && database === 'config' && isSetting(request)) return;
  throw new ServerError(
    'Unauthorized',
    `course router: ${command} is not for the cluster’s own database ${database}; only config.settings, and noBalance in config.collections, are written by hand`,
  );
}

/**
 * Whether a write is one that people do by hand: the balancer's settings, or (as sh.disableBalancing() does) one
 * collection's `noBalance`. Anything else in `config` is written by the cluster alone: wrong metadata brings servers down.
 */
function isSetting(request: Request): boolean {
  const collection = target(request);
  if (collection === 'settings') return true;
  return (
    collection === 'collections' && request.command === 'update' && statements(request).every(isNoBalance)
  );
}

function statements(request: Request): Document[] {
  const inBody = exactField(request, 'updates');
  return [
    ...(Array.isArray(inBody) ? inBody : []),
    ...request.sequences.flatMap((sequence) => sequenceDocuments(sequence).map(decodeExact)),
  ];
}

function isNoBalance({ u, upsert }: Document): boolean {
  return (
    upsert !== true &&
    JSON.stringify(Object.keys(u ?? {})) === '["$set"]' &&
    JSON.stringify(Object.keys(u.$set ?? {})) === '["noBalance"]' &&
    typeof u.$set.noBalance === 'boolean'
  );
}
