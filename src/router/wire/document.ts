/**
 * Raw BSON: finding, renaming and leaving out top-level elements without decoding their values. This is
 * what lets the router pass a client's bytes on as they are. (Format: https://bsonspec.org/spec.html)
 */

import { BSON } from 'bson';
import type { Document } from './document-type.js';
import { ServerError } from './errors.js';

/** Where one element of a document lies in its buffer. `start` is its type byte, `end` the byte after its value. */
export interface RawElement {
  readonly name: string;
  readonly type: number;
  readonly start: number;
  readonly value: number;
  readonly end: number;
}

export const Type = {
  double: 0x01,
  string: 0x02,
  document: 0x03,
  array: 0x04,
  binary: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  boolean: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  pointer: 0x0c,
  code: 0x0d,
  symbol: 0x0e,
  codeWithScope: 0x0f,
  int32: 0x10,
  timestamp: 0x11,
  int64: 0x12,
  decimal: 0x13,
  maxKey: 0x7f,
  minKey: 0xff,
} as const;

function invalid(why: string): ServerError {
  return new ServerError('InvalidBSON', why);
}

/**
 * The length in bytes of the document that starts at `at`, which must end by `limit` and with a zero byte.
 * @throws ServerError InvalidBSON
 */
export function documentLength(buffer: Buffer, at: number, limit: number): number {
  if (at + 5 > limit) throw invalid('document is cut short');
  const length = buffer.readInt32LE(at);
  if (length < 5 || at + length > limit) throw invalid(`document length ${length} does not fit its message`);
  if (buffer[at + length - 1] !== 0) throw invalid('document does not end with a zero byte');
  return length;
}

/**
 * The elements of the document at `at` (its own level only; what is inside a value is not looked at).
 * @throws ServerError InvalidBSON
 */
export function elementsOf(buffer: Buffer, at = 0, limit = buffer.length): RawElement[] {
  return parsed(buffer, at, limit).map(([type, nameAt, nameLength, value, length]) => ({
    name: buffer.toString('utf8', at + nameAt, at + nameAt + nameLength),
    type,
    start: at + nameAt - 1,
    value: at + value,
    end: at + value + length,
  }));
}

/** The first element called `name` of the document at `at`, or undefined. */
export function findElement(buffer: Buffer, name: string, at = 0): RawElement | undefined {
  for (const [type, nameAt, nameLength, value, length] of parsed(buffer, at, buffer.length)) {
    if (
      nameLength !== name.length ||
      buffer.toString('latin1', at + nameAt, at + nameAt + nameLength) !== name
    )
      continue;
    return { name, type, start: at + nameAt - 1, value: at + value, end: at + value + length };
  }
  return undefined;
}

/** Type, where its name is and how long, where its value is and how long; places count from the document's start. */
type Element = ReturnType<typeof BSON.onDemand.parseToElements> extends Iterable<infer One> ? One : never;

function parsed(buffer: Buffer, at: number, limit: number): Element[] {
  const length = documentLength(buffer, at, limit);
  try {
    return [...BSON.onDemand.parseToElements(buffer.subarray(at, at + length))];
  } catch (cause) {
    if (BSON.BSONError.isBSONError(cause)) throw invalid(cause.message);
    throw cause;
  }
}

/** An element's bytes under another name. */
export function renamed(buffer: Buffer, element: RawElement, name: string): Buffer {
  const nameBytes = Buffer.byteLength(name);
  const bytes = Buffer.allocUnsafe(2 + nameBytes + element.end - element.value);
  bytes[0] = element.type;
  bytes.write(name, 1);
  bytes[1 + nameBytes] = 0;
  buffer.copy(bytes, 2 + nameBytes, element.value, element.end);
  return bytes;
}

/** An element's bytes as they are. */
export function verbatim(buffer: Buffer, element: RawElement): Buffer {
  return buffer.subarray(element.start, element.end);
}

/** One or more elements encoded from values, in the order of the object's keys; `undefined` is left out. */
export function encoded(fields: Document): Buffer {
  const bytes = encode(fields);
  return bytes.subarray(4, bytes.length - 1);
}

/** A document made of already encoded elements. */
export function assemble(parts: readonly Buffer[]): Buffer {
  let length = 5;
  for (const part of parts) length += part.length;
  const bytes = Buffer.allocUnsafe(length);
  bytes.writeInt32LE(length, 0);
  let at = 4;
  for (const part of parts) at += part.copy(bytes, at);
  bytes[at] = 0;
  return bytes;
}

function faultOf(cause: unknown): ServerError {
  return invalid(cause instanceof Error ? cause.message : String(cause));
}

/**
 * Encodes a document; `undefined` fields are left out.
 * @throws ServerError InvalidBSON
 */
export function encode(document: Document): Buffer {
  try {
    const bytes = BSON.serialize(document, { ignoreUndefined: true });
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (cause) {
    throw faultOf(cause);
  }
}

function decodeWith(buffer: Buffer, options: BSON.DeserializeOptions): Document {
  try {
    return BSON.deserialize(buffer, options);
  } catch (cause) {
    throw faultOf(cause);
  }
}

/**
 * A document's JavaScript values: numbers as numbers where they fit, for replies that the router reads.
 * @throws ServerError InvalidBSON
 */
export function decode(buffer: Buffer): Document {
  return decodeWith(buffer, {});
}

/**
 * A document whose values keep their exact BSON types (Int32, Double, Long …), so that encoding it again gives the same bytes.
 * @throws ServerError InvalidBSON
 */
export function decodeExact(buffer: Buffer): Document {
  return decodeWith(buffer, { promoteValues: false, promoteBuffers: false, bsonRegExp: true });
}

/** The value of one element, with JavaScript types. */
export function elementValue(buffer: Buffer, element: RawElement): unknown {
  return decode(assemble([verbatim(buffer, element)]))[element.name];
}

/** The value of one element, with its exact BSON types. */
export function exactElementValue(buffer: Buffer, element: RawElement): unknown {
  return decodeExact(assemble([verbatim(buffer, element)]))[element.name];
}
