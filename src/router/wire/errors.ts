import type { Document } from './document-type.js';

/** MongoDB's error codes that the router itself answers with (src/mongo/base/error_codes.yml, 6.0). */
export const errorCodes = {
  BadValue: 2,
  HostUnreachable: 6,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  InvalidLength: 16,
  IllegalOperation: 20,
  InvalidBSON: 22,
  NamespaceNotFound: 26,
  CursorNotFound: 43,
  NamespaceExists: 48,
  CommandNotFound: 59,
  ShardKeyNotFound: 61,
  ShardNotFound: 70,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  NetworkTimeout: 89,
  CommandNotSupported: 115,
  CannotSplit: 141,
  OperationFailed: 96,
  NamespaceNotSharded: 118,
  FailedToSatisfyReadPreference: 133,
  OperationNotSupportedInTransaction: 263,
  ClientDisconnect: 279,
  UnsupportedOpQueryCommand: 352,
  Location40324: 40324,
  Location40413: 40413,
  Location40414: 40414,
  Location40415: 40415,
} as const;

export type CodeName = keyof typeof errorCodes;

/** An error that a client gets as a command's reply: `{ok: 0, errmsg, code, codeName}`. */
export class ServerError extends Error {
  readonly codeName: CodeName;

  constructor(codeName: CodeName, message: string) {
    super(message);
    this.name = 'ServerError';
    this.codeName = codeName;
  }
}

/** A reply with `ok: 0` that a server gave to a command of the router's own; it is the client's to read. */
export class ServerReplyError extends Error {
  readonly reply: Document;

  constructor(reply: Document) {
    super(String(reply.errmsg ?? 'the server answered with an error'));
    this.name = 'ServerReplyError';
    this.reply = reply;
  }
}

/**
 * A connection to a server failed. `sent` says whether the server may have seen the command, `timedOut` whether it
 * failed because nothing came back in time.
 */
export class NetworkError extends Error {
  readonly sent: boolean;
  readonly timedOut: boolean;

  constructor(address: string, why: string, sent: boolean, timedOut = false) {
    super(`${address}: ${why}`);
    this.name = 'NetworkError';
    this.sent = sent;
    this.timedOut = timedOut;
  }
}

/** The reply that tells a client of `error`. What is none of the router's own errors is its fault: InternalError (1). */
export function errorReply(error: unknown): Document {
  if (error instanceof ServerReplyError) {
    const { errmsg, code, codeName, errorLabels, errInfo, writeConcernError } = error.reply;
    return { ok: 0, errmsg, code, codeName, errorLabels, errInfo, writeConcernError };
  }
  if (error instanceof ServerError) {
    return { ok: 0, errmsg: error.message, code: errorCodes[error.codeName], codeName: error.codeName };
  }
  if (error instanceof NetworkError) {
    return { ok: 0, errmsg: error.message, code: errorCodes.HostUnreachable, codeName: 'HostUnreachable' };
  }
  const why = error instanceof Error ? error.message : String(error);
  return { ok: 0, errmsg: `course router fault: ${why}`, code: 1, codeName: 'InternalError' };
}
