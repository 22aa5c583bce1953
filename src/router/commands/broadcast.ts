/** Commands without a cluster form: the router asks the shards that own the data and joins their answers. */
import { setTimeout as delay } from 'node:timers/promises';
import { failureCode, type Shard } from '../cluster/cluster.js';
import { ownersOf, type Routing, staleCodes, versionsFor } from '../cluster/routing.js';
import { elementsAs, type Request, target } from '../request.js';
import type { Router } from '../router.js';
import { decode, encoded } from '../wire/document.js';
import type { Document } from '../wire/document-type.js';
import { ServerReplyError } from '../wire/errors.js';
import { messageHead, replyBody } from '../wire/wire.js';

/** One shard's answer. */
export interface Answer {
  readonly shard: Shard;
  /** The server that answered, `host:port`. */
  readonly address: string;
  /** The whole reply message. */
  readonly reply: Buffer;
}

const attempts = 10;
const pauseMs = 50;

/** What to send to a shard: its elements, to which its versions are added. */
export type PartsFor = (versions: Document) => Buffer[];

/** The request's own elements, with versions. */
export function sameCommand(request: Request, except?: ReadonlySet<string>): PartsFor {
  return (versions) => [...elementsAs(request, request.command, except), encoded(versions)];
}

/**
 * Asks shards about the request's collection, with versions, until none of them finds those stale. Undefined if the
 * database does not exist. `choose` says which shards (default: every owner). Replies may have `ok: 0`.
 */
export async function askShards(
  router: Router,
  request: Request,
  partsFor: PartsFor,
  choose: (routing: Routing) => string[] | Promise<string[]> = ownersOf,
): Promise<Answer[] | undefined> {
  for (let attempt = 1; ; attempt++) {
    const routing = await router.routing.of(request.database, target(request));
    if (!routing) return undefined;
    const ids = await choose(routing);
    const answers = await askAll(router, ids, request.spec.writes, (id) =>
      partsFor(versionsFor(routing, id)),
    );
    const stale = answers.some(({ reply }) => staleCodes.has(failureCode(reply) ?? 0));
    if (!stale || attempt === attempts) return answers;
    router.routing.forget(request.database);
    await delay(pauseMs);
  }
}

/** Sends each shard its own message and returns every answer, in the order of `ids`. */
export async function askAll(
  router: Router,
  ids: readonly string[],
  writes: boolean,
  partsOf: (id: string) => Buffer[],
): Promise<Answer[]> {
  const byId = new Map((await router.cluster.shards()).map((shard) => [shard.id, shard]));
  return Promise.all(
    ids.map(async (id) => {
      const shard = byId.get(id) ?? (await router.cluster.shard(id));
      return router.cluster.onPrimary(
        shard.set,
        async (primary) => {
          const reply = await primary.request([messageHead(partsOf(id))]);
          const code = failureCode(reply);
          if (code !== undefined && movedCodes.has(code))
            throw new ServerReplyError(decode(replyBody(reply)));
          return { shard, address: primary.address, reply };
        },
        !writes,
      );
    }),
  );
}

/** NotWritablePrimary and NotPrimaryNoSecondaryOk: nothing was done, the next primary is the one to ask. */
const movedCodes: ReadonlySet<number> = new Set([10107, 13435]);

/** An answer's document. @throws ServerReplyError if it has `ok: 0` */
export function documentOf({ reply }: Answer): Document {
  const document = decode(replyBody(reply));
  if (document.ok !== 1) throw new ServerReplyError(document);
  return document;
}

/** The sum of a field over documents; one that is not a number counts 0. */
export function sum(documents: readonly Document[], field: string): number {
  let total = 0;
  for (const document of documents) total += Number(document[field]) || 0;
  return total;
}

/** Each shard's own reply under the name of its set, as mongos shows them in `raw`. */
export function rawReplies(answers: readonly Answer[]): Document {
  return Object.fromEntries(
    answers.map(({ shard, reply }) => {
      const {
        $clusterTime,
        operationTime,
        lastCommittedOpTime,
        $configTime,
        $topologyTime,
        $gleStats,
        ...own
      } = decode(replyBody(reply));
      return [shard.host, own];
    }),
  );
}
