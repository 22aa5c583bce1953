import { MongoError, MongoServerError } from 'mongodb';
import { isRedisFailure } from '../shop/cache/redis-failure.js';
import { ShopSilent } from './ask-shop.js';
import { LookTimeout } from './deadline.js';

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
 * What an error says of the lab: a server is silent, or is not ready for what it was asked. Undefined for any other
 * error, which is the course's own.
 */
export function stateOfLab(error: unknown): 'silent' | 'not ready' | undefined {
  if (error instanceof MongoServerError && stateCodes.has(Number(error.code))) return 'not ready';
  if (error instanceof LookTimeout || error instanceof ShopSilent || isNetworkError(error)) return 'silent';
  // A node that has just been killed, or that is of no cluster yet, refuses what a check asks in passing.
  return isRedisFailure(error) && !isRefusedAsWrong(error as Error) ? 'not ready' : undefined;
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
