import { MongoOperationTimeoutError } from 'mongodb';

/**
 * How long a customer is kept waiting, in milliseconds, before the shop says 503.
 *
 * Between two events of the replication stage: a primary that steps down in order is replaced within one to two
 * seconds, and no customer should notice more than a slow order; one that is killed is missed for ten seconds (the
 * set's election timeout), longer than any customer waits, and that has to be seen as errors and not as a shop that
 * hangs.
 */
export const patience = 2_500;

/** Aborts when the time is over. Every question to the database carries one: the driver itself would wait for ever. */
export function deadline(milliseconds: number = patience): AbortSignal {
  return AbortSignal.timeout(milliseconds);
}

/** Whether it is this that an operation ended by; the driver takes such a signal for a timeout of its own. */
export function isLate(error: unknown): boolean {
  if (error instanceof MongoOperationTimeoutError) return true;
  return error instanceof DOMException && error.name === 'TimeoutError';
}
