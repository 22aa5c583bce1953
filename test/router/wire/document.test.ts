import { BSON } from 'bson';
import { describe, expect, it } from 'vitest';
import {
  assemble,
  decode,
  decodeExact,
  documentLength,
  elementsOf,
  elementValue,
  encode,
  encoded,
  exactElementValue,
  findElement,
  renamed,
  Type,
  verbatim,
} from '../../../src/router/wire/document.js';

const everyType = {
  double: 1.5,
  string: 'grüße',
  document: { a: { b: 1 } },
  array: [1, 'two', [3]],
  binary: new BSON.Binary(Buffer.from([1, 2, 3]), 5),
  uuid: new BSON.UUID('5a1c0b8e-2f6d-4d54-9a37-51d3a5fbd2c1'),
  objectId: new BSON.ObjectId('6b0070ee39fc2f1addb4e956'),
  yes: true,
  date: new Date(1_700_000_000_000),
  nothing: null,
  regex: new BSON.BSONRegExp('a+', 'i'),
  pointer: new BSON.DBRef('c', new BSON.ObjectId('6b0070ee39fc2f1addb4e956')),
  code: new BSON.Code('x'),
  scoped: new BSON.Code('x', { a: 1 }),
  symbol: new BSON.BSONSymbol('s'),
  int32: new BSON.Int32(7),
  timestamp: new BSON.Timestamp({ t: 1, i: 2 }),
  int64: BSON.Long.fromString('9007199254740993'),
  decimal: new BSON.Decimal128('1.10'),
  min: new BSON.MinKey(),
  max: new BSON.MaxKey(),
};

describe('elements of a document', () => {
  it('are found for every type, and put together again give the same bytes', () => {
    const bytes = encode(everyType);
    const elements = elementsOf(bytes);
    expect(elements.map(({ name }) => name)).toEqual(Object.keys(everyType));
    expect(assemble(elements.map((element) => verbatim(bytes, element)))).toEqual(bytes);
  });

  it('are found within a document that lies inside a buffer', () => {
    const inner = encode({ a: 1, b: 'x' });
    const bytes = Buffer.concat([Buffer.alloc(7, 0xff), inner, Buffer.alloc(3, 0xff)]);
    expect(elementsOf(bytes, 7, 7 + inner.length).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(findElement(bytes, 'b', 7)).toMatchObject({ name: 'b', type: Type.string });
    expect(findElement(bytes, 'c', 7)).toBeUndefined();
  });

  it('take another name and keep their value', () => {
    const bytes = encode({ find: 'users', filter: { _id: 1 } });
    const [first, filter] = elementsOf(bytes) as [never, never];
    const document = assemble([
      renamed(bytes, first, 'clusterFind'),
      verbatim(bytes, filter),
      encoded({ $db: 'shop' }),
    ]);
    expect(document).toEqual(encode({ clusterFind: 'users', filter: { _id: 1 }, $db: 'shop' }));
    expect(decode(assemble([renamed(bytes, first, 'größer')]))).toEqual({ größer: 'users' });
  });

  it('give their values, with and without exact types', () => {
    const bytes = encode({ n: BSON.Long.fromNumber(5), d: new BSON.Double(1) });
    const [n, d] = elementsOf(bytes) as [never, never];
    expect(elementValue(bytes, n)).toBe(5);
    expect(exactElementValue(bytes, n)).toEqual(BSON.Long.fromNumber(5));
    expect(exactElementValue(bytes, d)).toEqual(new BSON.Double(1));
  });

  it('never read past a document, whatever byte of it is wrong', () => {
    const bytes = encode(everyType);
    for (let at = 0; at < bytes.length; at += 1) {
      for (const wrong of [0x00, 0x7f, 0x80, 0xff]) {
        const broken = Buffer.from(bytes);
        broken[at] = wrong;
        try {
          for (const { start, value, end } of elementsOf(broken)) {
            expect(start).toBeLessThan(value);
            expect(value).toBeLessThanOrEqual(end);
            expect(end).toBeLessThan(broken.length);
          }
        } catch (error) {
          expect(error).toMatchObject({ codeName: 'InvalidBSON' });
        }
      }
    }
  });

  it('are refused where the document is cut short at any byte', () => {
    const bytes = encode(everyType);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => elementsOf(bytes.subarray(0, length))).toThrow(
        expect.objectContaining({ codeName: 'InvalidBSON' }),
      );
    }
  });
});

describe('a document’s length', () => {
  it.each([
    ['too short', Buffer.from([4, 0, 0, 0, 0])],
    ['negative', Buffer.from([255, 255, 255, 255, 0])],
    ['longer than what is there', Buffer.from([6, 0, 0, 0, 0])],
    ['not ended by a zero', Buffer.from([5, 0, 0, 0, 1])],
  ])('is refused when %s', (_what, bytes) => {
    expect(() => documentLength(bytes, 0, bytes.length)).toThrow(
      expect.objectContaining({ codeName: 'InvalidBSON' }),
    );
  });

  it('is five for an empty document', () => {
    expect(documentLength(encode({}), 0, 5)).toBe(5);
  });
});

describe('decoding', () => {
  it('keeps exact types when asked to', () => {
    const bytes = encode(everyType);
    expect(encode(decodeExact(bytes))).toEqual(bytes);
  });

  it('takes a document however deep it is nested (a mongod will refuse it)', () => {
    expect(encode(decode(deep(40_000)))).toEqual(deep(40_000));
  });

  it('names broken bytes InvalidBSON', () => {
    expect(() => decode(Buffer.from([1, 2, 3]))).toThrow(
      expect.objectContaining({ codeName: 'InvalidBSON' }),
    );
  });
});

/** A document of `levels` documents, one in the other, built without recursion. */
function deep(levels: number): Buffer {
  const total = 5 + levels * 8;
  const bytes = Buffer.alloc(total);
  for (let level = 0; level <= levels; level += 1) {
    bytes.writeInt32LE(total - level * 8, level * 7);
    if (level < levels) bytes.write('\x03a\0', level * 7 + 4, 'latin1');
  }
  return bytes;
}
