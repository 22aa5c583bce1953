import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { MongoError } from 'mongodb';
import { CacheFailed } from '../cache/cache.js';
import { isLate } from './deadline.js';

/** The shop cannot do it now, and may be able to soon. */
export class Unavailable extends Error {}

/** What was asked cannot be done, however often it is asked. */
export class Refusal extends Error {
  readonly statusCode: 400 | 404;

  constructor(statusCode: 400 | 404, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** Seconds after which an election or a restart may be over. */
const retryAfter = 2;

/**
 * Every failure as `{ error: { code, message } }`. Whatever MongoDB or its driver complain of is a 503: what the shop
 * asks is always the same, so it is the database that cannot, not the customer who asked something wrong.
 */
export function answerFailure(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const status = error.statusCode ?? 500;
  if (error instanceof Unavailable || error instanceof MongoError || isLate(error) || status === 503) {
    const why = isLate(error) ? 'the database has not answered in time' : error.message;
    return reply
      .code(503)
      .header('retry-after', retryAfter)
      .send(failure('unavailable', `The shop cannot reach its data now: ${why}`));
  }
  if (error instanceof CacheFailed) {
    return reply
      .code(503)
      .header('retry-after', retryAfter)
      .send(failure('cache-failed', `The shop has its data, and gives up: ${error.message}`));
  }
  if (status < 500) return reply.code(status).send(failure(codes[status] ?? 'bad-request', error.message));
  request.log.error(error);
  return reply.code(500).send(failure('internal', 'The shop made a mistake; its log has more.'));
}

/** Answers 404 to what the shop has no route for. */
export function answerNoRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const message = `There is no ${request.method} ${request.url}; /docs lists what there is.`;
  return reply.code(404).send(failure('not-found', message));
}

const codes: Partial<Record<number, string>> = { 404: 'not-found', 413: 'too-large' };

/** The body of every failure. */
export function failure(code: string, message: string) {
  return { error: { code, message } };
}
