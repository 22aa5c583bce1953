/**
 * MongoDB's wire protocol, as far as a router speaks it: OP_MSG, and OP_QUERY for the first hello of old drivers.
 * (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/)
 */
import { crc32c } from './crc32c.js';
import { documentLength } from './document.js';
import { ServerError } from './errors.js';

export const headerLength = 16;
/** What a mongod takes in one message, in bytes (`maxMessageSizeBytes`). */
export const maxMessageLength = 48_000_000;
/** What the router takes of a client: `clusterInsert` is 7 bytes longer than `insert`, and versions may be added. */
export const maxClientMessageLength = maxMessageLength - 1024;

export const OpCode = { reply: 1, query: 2004, compressed: 2012, message: 2013 } as const;

export const Flag = { checksumPresent: 1, moreToCome: 2, exhaustAllowed: 1 << 16 } as const;
/** A receiver must refuse a message with an unknown flag among the lower 16 bits. */
const requiredFlags = 0xffff;

/** A document sequence (section kind 1) of an OP_MSG: `name` is the field it stands for, `bytes` the whole section. */
export interface Sequence {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A client's OP_MSG, taken apart. Buffers are views of the message received. */
export interface Message {
  readonly requestId: number;
  /** The client wants no reply (an unacknowledged write). */
  readonly moreToCome: boolean;
  readonly body: Buffer;
  readonly sequences: readonly Sequence[];
}

function malformed(why: string): ServerError {
  return new ServerError('InvalidLength', why);
}

/** The length in bytes that a message says it has. @throws ServerError if no message can have it. */
export function messageLength(header: Buffer, longest = maxMessageLength): number {
  const length = header.readInt32LE(0);
  if (length < headerLength || length > longest) throw malformed(`message length ${length}`);
  return length;
}

export function opCodeOf(message: Buffer): number {
  return message.readInt32LE(12);
}

export function requestIdOf(message: Buffer): number {
  return message.readInt32LE(4);
}

/** Takes an OP_MSG apart. @throws ServerError InvalidLength, InvalidBSON, BadValue */
export function parseMessage(bytes: Buffer): Message {
  if (bytes.length < headerLength + 4 + 1 + 5) throw malformed('message is too short');
  const flags = bytes.readUInt32LE(headerLength);
  const unknown = flags & requiredFlags & ~(Flag.checksumPresent | Flag.moreToCome);
  if (unknown !== 0) throw new ServerError('BadValue', `unknown required flag bits ${unknown}`);
  let end = bytes.length;
  if (flags & Flag.checksumPresent) {
    end -= 4;
    if (bytes.readUInt32LE(end) !== crc32c(bytes.subarray(0, end))) {
      throw new ServerError('BadValue', 'OP_MSG checksum does not match contents');
    }
  }
  let body: Buffer | undefined;
  const sequences: Sequence[] = [];
  let at = headerLength + 4;
  while (at < end) {
    const kind = bytes[at];
    if (kind === 0) {
      if (body) throw malformed('message has two bodies');
      const length = documentLength(bytes, at + 1, end);
      body = bytes.subarray(at + 1, at + 1 + length);
      at += 1 + length;
    } else if (kind === 1) {
      if (at + 6 > end) throw malformed('document sequence is cut short');
      const size = bytes.readInt32LE(at + 1);
      const next = at + 1 + size;
      if (size < 6 || next > end) throw malformed(`document sequence length ${size}`);
      const zero = bytes.indexOf(0, at + 5);
      if (zero < 0 || zero >= next) throw malformed('document sequence has no name');
      sequences.push({ name: bytes.toString('utf8', at + 5, zero), bytes: bytes.subarray(at, next) });
      at = next;
    } else {
      throw malformed(`unknown section kind ${kind}`);
    }
  }
  if (!body) throw malformed('message has no body');
  return { requestId: requestIdOf(bytes), moreToCome: (flags & Flag.moreToCome) !== 0, body, sequences };
}

/** The documents of a sequence, as views. @throws ServerError InvalidBSON */
export function sequenceDocuments(sequence: Sequence): Buffer[] {
  const { bytes } = sequence;
  const documents: Buffer[] = [];
  let at = bytes.indexOf(0, 5) + 1;
  while (at < bytes.length) {
    const length = documentLength(bytes, at, bytes.length);
    documents.push(bytes.subarray(at, at + length));
    at += length;
  }
  return documents;
}

/**
 * The start of an OP_MSG: header, flags and the body given as elements. `following` bytes of sequences come after it.
 * The header's request id is left zero: the connection that sends it sets it.
 */
export function messageHead(parts: readonly Buffer[], following = 0): Buffer {
  let bodyLength = 5;
  for (const part of parts) bodyLength += part.length;
  const bodyAt = headerLength + 5;
  const head = Buffer.allocUnsafe(bodyAt + bodyLength);
  head.writeInt32LE(head.length + following, 0);
  head.writeInt32LE(0, 4);
  head.writeInt32LE(0, 8);
  head.writeInt32LE(OpCode.message, 12);
  head.writeInt32LE(0, headerLength);
  head[headerLength + 4] = 0;
  head.writeInt32LE(bodyLength, bodyAt);
  let at = bodyAt + 4;
  for (const part of parts) at += part.copy(head, at);
  head[at] = 0;
  return head;
}

/** An OP_MSG with one document, in answer to `responseTo`. */
export function messageOf(document: Buffer, responseTo = 0): Buffer {
  const message = messageHead([document.subarray(4, document.length - 1)]);
  message.writeInt32LE(responseTo, 8);
  return message;
}

/** The body document of a server's OP_MSG reply. @throws ServerError if it has none. */
export function replyBody(reply: Buffer): Buffer {
  const at = headerLength + 5;
  if (opCodeOf(reply) !== OpCode.message || reply[at - 1] !== 0)
    throw malformed('reply is no OP_MSG with a body');
  return reply.subarray(at, at + documentLength(reply, at, reply.length));
}

/** What an OP_QUERY asks: the collection's full name and the query document. */
export function parseQuery(bytes: Buffer): { namespace: string; query: Buffer } {
  const nameAt = headerLength + 4;
  const zero = bytes.indexOf(0, nameAt);
  if (zero < 0) throw malformed('OP_QUERY has no collection name');
  const at = zero + 1 + 8;
  const length = documentLength(bytes, at, bytes.length);
  return { namespace: bytes.toString('utf8', nameAt, zero), query: bytes.subarray(at, at + length) };
}

/** An OP_REPLY with one document, for a client that asked by OP_QUERY. */
export function legacyReply(document: Buffer, responseTo: number): Buffer {
  const bytes = Buffer.alloc(headerLength + 20 + document.length);
  bytes.writeInt32LE(bytes.length, 0);
  bytes.writeInt32LE(responseTo, 8);
  bytes.writeInt32LE(OpCode.reply, 12);
  bytes.writeInt32LE(1, headerLength + 16);
  document.copy(bytes, headerLength + 20);
  return bytes;
}
