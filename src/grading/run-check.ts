import { MongoError, MongoServerError } from 'mongodb';
import type { LabView } from '../lesson/lab-view.js';
import type { Check, Finding } from '../lesson/lesson.js';
import { isRedisFailure } from '../shop/cache/redis-failure.js';
import { ShopSilent } from './ask-shop.js';
import { LookTimeout, withDeadline } from './deadline.js';

/** A finding, or the course's own failure to look. */
export type Outcome = Finding | { readonly state: 'error'; readonly observed: string };

/**
 * Server codes that tell of the lab and not of a fault in the check: a set without configuration or primary, a
 * shard or a config server out of reach. Names as in MongoDB's error_codes.yml (6.0).
 */
const stateCodes = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  50, // MaxTimeMSExpired
  70, // ShardNotFound
  89, // NetworkTimeout
  91, // ShutdownInProgress
  94, // NotYetInitialized
  133, // FailedToSatisfyReadPreference
  189, // PrimarySteppedDown
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
]);

/**
 * Runs one check's look. A node that is down or cannot answer yet is `pending`: that is a state of the lab. What
 * else goes wrong is `error`.
 */
export async function look(check: Check, lab: LabView): Promise<Outcome> {
  const node = lab.snapshot.nodes.find(({ service }) => service === check.at);
  if (node && node.status.state !== 'running' && !check.evenIfDown) {
    const { state, leftOut } = node.status;
    return {
      state: 'pending',
      observed: leftOut === undefined ? `${check.at} is ${state}` : `${check.at} is left out: ${leftOut}`,
      expected: `${check.at} running`,
    };
  }
  try {
    return await withDeadline(check.look(lab));
  } catch (error) {
    if (error instanceof MongoServerError && stateCodes.has(Number(error.code))) {
      return { state: 'pending', observed: error.message, expected: `${check.at} ready to answer` };
    }
    if (error instanceof LookTimeout || error instanceof ShopSilent || isNetworkError(error)) {
      return {
        state: 'pending',
        observed: `${check.at} does not answer`,
        expected: `an answer from ${check.at}`,
      };
    }
    // A node that has just been killed, or that is of no cluster yet, refuses what a check asks in passing.
    if (isRedisFailure(error) && !isRefusedAsWrong(error as Error))
      return {
        state: 'pending',
        observed: (error as Error).message,
        expected: `${check.at} ready to answer`,
      };
    return { state: 'error', observed: error instanceof Error ? error.message : String(error) };
  }
}

/** What Redis says of a command that is wrong in itself, wherever it is sent. */
function isRefusedAsWrong({ message }: Error): boolean {
  return /^(ERR|WRONGTYPE) /.test(message);
}

function isNetworkError(error: unknown): boolean {
  return (
    error instanceof MongoError &&
    /^Mongo(Network|ServerSelection|PoolCleared|WaitQueue|TopologyClosed|Connection)/.test(
      error.constructor.name,
    )
  );
}
