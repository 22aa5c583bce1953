/**
 * Operations that wait for a coordinator's answer. A mongod that coordinates waits for a shard without a limit of its
 * own; where that shard says nothing, the operation is ended here.
 */

import { dropped } from '../../machine/debug-log.js';
import { decode } from '../wire/document.js';
import type { Document } from '../wire/document-type.js';
import { ServerError } from '../wire/errors.js';
import type { Hold, Upstream } from './upstream.js';

/** One client's command while a server works on it. */
export interface Operation extends Hold {
  /** When it was sent, in ms since the epoch. */
  readonly started: number;
  /** The session's element (`lsid`), by which the shards' parts of the operation are recognised. */
  readonly session: Buffer | undefined;
  /** How many looks in a row found no server at work on it. */
  unseen: number;
}

/** A server that takes connections and answers nothing. */
export interface Silent {
  /** The shard that it is a member of, as an error names it: `shard shard2`. */
  readonly name: string;
  readonly address: string;
  /** Since when a hello waits for its answer, in ms since the epoch. */
  readonly since: number;
  /** When another member was found to be primary, in ms since the epoch: later operations do not wait for this one. */
  readonly replaced: number | undefined;
  /** How long an operation is given, in ms: longer where the other members may elect a primary. */
  readonly patienceMs: number;
}

export interface OperationsUnderWay {
  /** Sends a command and keeps it in mind until it is answered. @throws NetworkError; ServerError NetworkTimeout (89) */
  request(upstream: Upstream, pieces: readonly Buffer[], operation: Operation): Promise<Buffer>;
  /**
   * Ends, with an error that names the shard, what waits for a silent server. What a server of `answering` works on is
   * left alone, however long it takes.
   */
  endWaitingFor(silent: readonly Silent[], answering: readonly Upstream[]): Promise<void>;
}

/** How long a server may take to say what it works on, in ms. */
const lookTimeoutMs = 2_000;
/** Between two batches no shard is at work; two looks, a second apart, rarely both fall there. */
const looks = 2;

export function newOperation(session?: Buffer): Operation {
  return { started: Date.now(), session, unseen: 0, cancel: undefined };
}

export function createOperationsUnderWay(): OperationsUnderWay {
  const operations = new Set<Operation>();
  return {
    async request(upstream, pieces, operation) {
      operations.add(operation);
      try {
        return await upstream.request(pieces, undefined, operation);
      } finally {
        operations.delete(operation);
      }
    },
    async endWaitingFor(silent, answering) {
      const now = Date.now();
      const suspects = [...operations].flatMap((operation) => {
        const waitsFor = silent.filter(
          ({ replaced, patienceMs }) =>
            now - operation.started >= patienceMs && operation.started < (replaced ?? now),
        );
        return waitsFor.length > 0 ? [{ operation, waitsFor }] : [];
      });
      if (suspects.length === 0) return;
      const atWork = await sessionsAtWork(answering);
      for (const { operation, waitsFor } of suspects) {
        const { session } = operation;
        operation.unseen =
          session && atWork.has(sessionId(decode(asDocument(session)))) ? 0 : operation.unseen + 1;
        if (operation.unseen >= looks && operations.has(operation))
          operation.cancel?.(noAnswer(waitsFor, now));
      }
    },
  };
}

/** A document with this one element. */
function asDocument(element: Buffer): Buffer {
  const document = Buffer.alloc(element.length + 5);
  document.writeInt32LE(document.length, 0);
  element.copy(document, 4);
  return document;
}

function sessionId({ lsid }: Document): string {
  return lsid.id.toString('hex');
}

/** The sessions whose commands, or parts of them, some server works on. A coordinator that only waits is not at work. */
async function sessionsAtWork(servers: readonly Upstream[]): Promise<Set<string>> {
  const command = {
    aggregate: 1,
    pipeline: [
      { $currentOp: { allUsers: true } },
      { $match: { active: true, lsid: { $exists: true } } },
      { $project: { lsid: 1, command: 1 } },
    ],
    cursor: { batchSize: 10_000 },
  };
  const sessions = new Set<string>();
  await Promise.all(
    servers.map(async (server) => {
      // A server that fails meanwhile is at work on nothing.
      const reply = await server.run('admin', command, lookTimeoutMs).catch(dropped);
      for (const found of (reply?.cursor.firstBatch ?? []) as Document[]) {
        const name = Object.keys(found.command ?? {})[0] ?? '';
        if (!name.startsWith('cluster')) sessions.add(sessionId(found));
      }
    }),
  );
  return sessions;
}

function noAnswer(silent: readonly Silent[], now: number): ServerError {
  const who = silent.map(
    ({ name, address, since }) =>
      `${name}: ${address} takes connections but has not answered for ${Math.floor((now - since) / 1000)} s`,
  );
  return new ServerError(
    'NetworkTimeout',
    `course router: gave up waiting for ${who.join('; ')} (is it paused?). A write may have been done in part`,
  );
}
