import { BSON } from 'bson';
import { describe, expect, it } from 'vitest';
import { failureCode, parseSetAddress } from '../../../src/router/cluster/cluster.js';
import { createCursors, openCursor } from '../../../src/router/commands/cursors.js';
import { encode } from '../../../src/router/wire/document.js';
import { errorReply, NetworkError, ServerError, ServerReplyError } from '../../../src/router/wire/errors.js';
import { messageOf } from '../../../src/router/wire/wire.js';

const cursor = {
  address: 'h:1',
  getMore: 'clusterGetMore',
  collection: 'users',
  database: 'shop',
  session: undefined,
} as const;

describe('cursors', () => {
  it('are found until removed', () => {
    const cursors = createCursors();
    cursors.add('a', cursor);
    expect(cursors.find('a')).toBe(cursor);
    expect(cursors.find('b')).toBeUndefined();
    cursors.remove('a');
    expect(cursors.find('a')).toBeUndefined();
  });

  it('are let go when nobody used them for longer than a mongod keeps them', () => {
    let now = 0;
    const cursors = createCursors(() => now);
    cursors.add('used', cursor);
    cursors.add('idle', cursor);
    now = 14 * 60_000;
    cursors.find('used');
    now = 16 * 60_000;
    cursors.add('new', cursor);
    expect(cursors.find('idle')).toBeUndefined();
    expect(cursors.find('used')).toBe(cursor);
    expect(cursors.size).toBe(2);
  });

  it('are seen in a reply that leaves one open', () => {
    const reply = (id: bigint) =>
      messageOf(encode({ cursor: { firstBatch: [{ id: 5n }], id, ns: 'a.b.c' }, ok: 1 }));
    const opened = openCursor(reply(0x0102030405060708n));
    expect(opened?.collection).toBe('b.c');
    expect(Buffer.from(opened?.id ?? '', 'latin1').readBigInt64LE(0)).toBe(0x0102030405060708n);
    expect(openCursor(reply(0n))).toBeUndefined();
    expect(openCursor(messageOf(encode({ ok: 1 })))).toBeUndefined();
  });
});

it('a reply’s failure is its code, and none where it is fine', () => {
  expect(failureCode(messageOf(encode({ n: 5, ok: new BSON.Double(1) })))).toBeUndefined();
  expect(failureCode(messageOf(encode({ ok: new BSON.Double(0), code: 13388 })))).toBe(13388);
  expect(failureCode(messageOf(encode({ ok: new BSON.Double(0) })))).toBe(0);
});

it('a set’s address needs a name', () => {
  expect(parseSetAddress('s/a:1,b', 27018)).toEqual({ name: 's', hosts: ['a:1', 'b:27018'] });
  expect(() => parseSetAddress('a:1', 27018)).toThrow('no set name');
});

describe('an error for the client', () => {
  it('keeps a server’s own words', () => {
    const reply = { ok: 0, errmsg: 'x', code: 11000, codeName: 'DuplicateKey', $clusterTime: 1 };
    expect(errorReply(new ServerReplyError(reply))).toMatchObject({
      ok: 0,
      errmsg: 'x',
      code: 11000,
      codeName: 'DuplicateKey',
    });
    expect(errorReply(new ServerReplyError(reply))).not.toHaveProperty('$clusterTime');
  });

  it('has MongoDB’s code for what the router found', () => {
    expect(errorReply(new ServerError('CursorNotFound', 'gone'))).toEqual({
      ok: 0,
      errmsg: 'gone',
      code: 43,
      codeName: 'CursorNotFound',
    });
    expect(errorReply(new NetworkError('h:1', 'refused', false))).toMatchObject({
      code: 6,
      codeName: 'HostUnreachable',
      errmsg: 'h:1: refused',
    });
    expect(errorReply(new TypeError('bug'))).toMatchObject({ code: 1, errmsg: 'course router fault: bug' });
  });
});
