import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../src/router/wire/crc32c.js';
import { decode, encode, encoded } from '../../../src/router/wire/document.js';
import { createSplitter } from '../../../src/router/wire/splitter.js';
import {
  Flag,
  legacyReply,
  messageHead,
  messageOf,
  OpCode,
  opCodeOf,
  parseMessage,
  parseQuery,
  replyBody,
  requestIdOf,
  type Sequence,
  sequenceDocuments,
} from '../../../src/router/wire/wire.js';

const ping = encode({ ping: 1, $db: 'admin' });

function sequence(name: string, ...documents: object[]): Buffer {
  const payload = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((document) => encode(document))]);
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeInt32LE(payload.length + 4, 1);
  return Buffer.concat([head, payload]);
}

interface Parts {
  flags?: number;
  sections?: readonly Buffer[];
  checksum?: Buffer;
}

function message({
  flags = 0,
  sections = [Buffer.concat([Buffer.from([0]), ping])],
  checksum = Buffer.alloc(0),
}: Parts = {}): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(20), ...sections, checksum]);
  bytes.writeInt32LE(bytes.length, 0);
  bytes.writeInt32LE(77, 4);
  bytes.writeInt32LE(OpCode.message, 12);
  bytes.writeUInt32LE(flags >>> 0, 16);
  return bytes;
}

describe('an OP_MSG', () => {
  it('is taken apart into body and document sequences, in any order', () => {
    const body = Buffer.concat([Buffer.from([0]), ping]);
    const documents = sequence('documents', { a: 1 }, { a: 2 });
    for (const sections of [
      [body, documents],
      [documents, body],
    ]) {
      const parsed = parseMessage(message({ sections }));
      expect(parsed.requestId).toBe(77);
      expect(parsed.moreToCome).toBe(false);
      expect(decode(parsed.body)).toEqual({ ping: 1, $db: 'admin' });
      expect(parsed.sequences.map(({ name }) => name)).toEqual(['documents']);
      expect(sequenceDocuments(parsed.sequences[0] as Sequence).map(decode)).toEqual([{ a: 1 }, { a: 2 }]);
    }
  });

  it('says whether an answer is wanted, and lets exhaustAllowed be', () => {
    expect(parseMessage(message({ flags: Flag.moreToCome })).moreToCome).toBe(true);
    expect(parseMessage(message({ flags: Flag.exhaustAllowed })).moreToCome).toBe(false);
  });

  it('is refused with an unknown required flag', () => {
    expect(() => parseMessage(message({ flags: 4 }))).toThrow('unknown required flag');
  });

  it('has its checksum looked at', () => {
    const unsigned = message({ flags: Flag.checksumPresent, checksum: Buffer.alloc(4) });
    const right = Buffer.from(unsigned);
    right.writeUInt32LE(crc32c(right.subarray(0, right.length - 4)), right.length - 4);
    expect(decode(parseMessage(right).body)).toEqual({ ping: 1, $db: 'admin' });
    expect(() => parseMessage(unsigned)).toThrow('checksum');
  });

  it.each([
    ['no body', [sequence('documents', { a: 1 })]],
    ['two bodies', [Buffer.concat([Buffer.from([0]), ping]), Buffer.concat([Buffer.from([0]), ping])]],
    ['an unknown section', [Buffer.from([9]), ping]],
    [
      'a sequence longer than the message',
      [Buffer.concat([Buffer.from([0]), ping]), Buffer.from([1, 200, 0, 0, 0, 0x61, 0])],
    ],
    [
      'a sequence of negative length',
      [Buffer.concat([Buffer.from([0]), ping]), Buffer.from([1, 255, 255, 255, 255, 0x61, 0])],
    ],
    [
      'a sequence without the end of its name',
      [Buffer.concat([Buffer.from([0]), ping]), Buffer.from([1, 6, 0, 0, 0, 0x61, 0x62])],
    ],
  ])('is refused with %s', (_what, sections) => {
    expect(() => parseMessage(message({ sections }))).toThrow();
  });

  it('is refused or taken, but never misread, when cut short anywhere', () => {
    const whole = message({
      sections: [Buffer.concat([Buffer.from([0]), ping]), sequence('documents', { a: 1 })],
    });
    for (let length = 16; length < whole.length; length += 1) {
      if (length === 20 + 1 + ping.length) continue; // A whole message by itself: the body alone.
      expect(() => parseMessage(whole.subarray(0, length))).toThrow();
    }
  });

  it('is built from elements, with room for what follows', () => {
    const head = messageHead([encoded({ ping: 1 }), encoded({ $db: 'admin' })], 10);
    expect(head.readInt32LE(0)).toBe(head.length + 10);
    expect(opCodeOf(head)).toBe(OpCode.message);
    expect(decode(replyBody(head))).toEqual({ ping: 1, $db: 'admin' });
  });

  it('answers a request by its id', () => {
    const reply = messageOf(encode({ ok: 1 }), 77);
    expect(reply.readInt32LE(8)).toBe(77);
    expect(decode(replyBody(reply))).toEqual({ ok: 1 });
  });
});

describe('an OP_QUERY', () => {
  it('is read and answered for old drivers', () => {
    const name = Buffer.from('admin.$cmd\0');
    const query = Buffer.concat([Buffer.alloc(20), name, Buffer.alloc(8), encode({ isMaster: 1 })]);
    query.writeInt32LE(query.length, 0);
    query.writeInt32LE(5, 4);
    const parsed = parseQuery(query);
    expect(parsed.namespace).toBe('admin.$cmd');
    expect(decode(parsed.query)).toEqual({ isMaster: 1 });
    const reply = legacyReply(encode({ ok: 1 }), requestIdOf(query));
    expect(reply.readInt32LE(0)).toBe(reply.length);
    expect(reply.readInt32LE(8)).toBe(5);
    expect(opCodeOf(reply)).toBe(OpCode.reply);
    expect(reply.readInt32LE(32)).toBe(1);
    expect(decode(reply.subarray(36))).toEqual({ ok: 1 });
  });
});

describe('the stream', () => {
  it('gives the same messages in whatever pieces it arrives', () => {
    const all = Buffer.concat([message(), message({ flags: Flag.moreToCome }), message()]);
    for (let size = 1; size <= all.length; size += 1) {
      const splitter = createSplitter();
      const messages: Buffer[] = [];
      for (let at = 0; at < all.length; at += size) {
        splitter.push(all.subarray(at, at + size));
        for (let next = splitter.next(); next; next = splitter.next()) messages.push(next);
      }
      expect(Buffer.concat(messages)).toEqual(all);
      expect(messages).toHaveLength(3);
      expect(splitter.held).toBe(0);
    }
  });

  it.each([0, 15, -1, 48_000_001])('is refused when a message says it has %i bytes', (length) => {
    const splitter = createSplitter();
    const header = Buffer.alloc(16);
    header.writeInt32LE(length, 0);
    splitter.push(header);
    expect(() => splitter.next()).toThrow('message length');
  });
});

it('crc32c gives the check value of the algorithm', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});
