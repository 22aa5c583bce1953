/** `explain`: reads by MongoDB's own cluster plan; other commands by each shard's plan, put together as mongos does. */

import { ownersOf } from '../cluster/routing.js';
import { admitNested, elementsAs, exactField, type Request } from '../request.js';
import type { Handler, Router } from '../router.js';
import { assemble, encoded } from '../wire/document.js';
import type { Document } from '../wire/document-type.js';
import { ServerError } from '../wire/errors.js';
import { messageHead } from '../wire/wire.js';
import { askShards, documentOf } from './broadcast.js';
import { shardsFor } from './collections.js';
import { clusterName } from './crud.js';

export const explain: Handler = (router, request) => {
  const inner = admitNested(request);
  const verbosity = exactField(request, 'verbosity') ?? 'allPlansExecution';
  switch (inner.command) {
    case 'find':
    case 'aggregate':
      return explainCluster(router, inner, {
        verbosity,
        $readPreference: exactField(request, '$readPreference'),
      });
    case 'count':
    case 'distinct':
    case 'update':
    case 'delete':
    case 'findAndModify':
      return explainOnShards(router, inner, verbosity);
    default:
      throw new ServerError('CommandNotFound', `Explain failed due to unknown command: ${inner.command}`);
  }
};

/** The elements of an explain of `inner` under the name `name`; those of the body are the inner command's. */
function explained(inner: Request, name: string, rest: Document): Buffer[] {
  const command = assemble(elementsAs(inner, name, outerOnly));
  const named = Buffer.concat([Buffer.from('\x03explain\0', 'latin1'), command]);
  return [named, encoded({ ...rest, $db: inner.database })];
}

/** Generic fields that belong to the explain and not to the command in it. */
const outerOnly: ReadonlySet<string> = new Set([
  '$db',
  'lsid',
  '$clusterTime',
  '$readPreference',
  'writeConcern',
]);

async function explainCluster(router: Router, inner: Request, rest: Document): Promise<Buffer | Document> {
  const parts = explained(inner, clusterName(inner.command), rest);
  const answered = await router.cluster.onCoordinator(() => [messageHead(parts)], true);
  if (!answered) throw new ServerError('ShardNotFound', 'No shards found');
  return answered.reply;
}

async function explainOnShards(router: Router, inner: Request, verbosity: unknown): Promise<Document> {
  const filter = filterOf(inner);
  const answers = await askShards(
    router,
    inner,
    (versions) => explained(inner, inner.command, { verbosity, ...versions }),
    async (routing) => {
      if (!routing.sharding || filter === undefined) return ownersOf(routing);
      const targeted = await shardsFor(router, inner, filter);
      return targeted.length > 0 ? targeted : ownersOf(routing);
    },
  );
  if (!answers) throw new ServerError('NamespaceNotFound', `database ${inner.database} not found`);
  const shards = answers.map((answer) => {
    const { queryPlanner, executionStats, serverInfo } = documentOf(answer);
    const head = { shardName: answer.shard.id, connectionString: answer.shard.host, serverInfo };
    return { head, queryPlanner, executionStats };
  });
  const stage =
    shards.length === 1 ? 'SINGLE_SHARD' : writeStages.has(inner.command) ? 'SHARD_WRITE' : 'SHARD_MERGE';
  const executed = shards.some(({ executionStats }) => executionStats !== undefined);
  return {
    queryPlanner: {
      mongosPlannerVersion: 1,
      winningPlan: { stage, shards: shards.map(({ head, queryPlanner }) => ({ ...head, ...queryPlanner })) },
    },
    ...(executed ? { executionStats: joinStats(stage, shards) } : {}),
    ok: 1,
  };
}

const writeStages: ReadonlySet<string> = new Set(['update', 'delete', 'findAndModify']);

function joinStats(
  stage: string,
  shards: readonly { head: Document; executionStats: Document | undefined }[],
): Document {
  const total = (field: string) =>
    shards.reduce((all, { executionStats }) => all + Number(executionStats?.[field] ?? 0), 0);
  const longest = Math.max(
    0,
    ...shards.map(({ executionStats }) => Number(executionStats?.executionTimeMillis ?? 0)),
  );
  return {
    nReturned: total('nReturned'),
    executionTimeMillis: longest,
    totalKeysExamined: total('totalKeysExamined'),
    totalDocsExamined: total('totalDocsExamined'),
    executionStages: {
      stage,
      nReturned: total('nReturned'),
      executionTimeMillis: longest,
      totalKeysExamined: total('totalKeysExamined'),
      totalDocsExamined: total('totalDocsExamined'),
      totalChildMillis: total('executionTimeMillis'),
      shards: shards.map(({ head, executionStats }) => ({ shardName: head.shardName, ...executionStats })),
    },
  };
}

/** What the command selects documents by, if it is one filter. */
function filterOf(inner: Request): unknown {
  const writes = exactField(inner, inner.command === 'update' ? 'updates' : 'deletes');
  return Array.isArray(writes) ? writes[0]?.q : exactField(inner, 'query');
}
