import { BSON } from 'bson';
import { describe, expect, it } from 'vitest';
import { equalityOn, hashedField, matchesShardKeyFields } from '../../../src/router/commands/shard-key.js';

describe('the shard key that a filter names', () => {
  it.each([
    [{ uid: 1 }, { uid: 5, other: 1 }, { uid: 5 }],
    [{ uid: 'hashed' }, { uid: { $eq: 5 } }, { uid: 5 }],
    [
      { b: 1, a: 1 },
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ 'a.b': 1 }, { 'a.b': 3 }, { 'a.b': 3 }],
    [{ 'a.b': 1 }, { a: { b: 3 } }, { 'a.b': 3 }],
    [{ uid: 1 }, { $and: [{ x: 1 }, { uid: 4 }] }, { uid: 4 }],
    [{ uid: 1 }, { uid: null }, { uid: null }],
    [{ uid: 1 }, { uid: { name: 'x' } }, { uid: { name: 'x' } }],
  ])('%j in %j is %j', (pattern, filter, key) => {
    expect(equalityOn(pattern, filter)).toEqual(key);
  });

  it.each([
    [{ uid: 1 }, {}],
    [{ uid: 1 }, { uid: { $gt: 5 } }],
    [{ uid: 1 }, { uid: { $in: [5] } }],
    [{ uid: 1 }, { uid: { $eq: 5, $gt: 1 } }],
    [{ uid: 1 }, { uid: [1, 2] }],
    [{ uid: 1 }, { uid: /x/ }],
    [{ uid: 1 }, { uid: new BSON.BSONRegExp('x') }],
    [{ uid: 1 }, { $or: [{ uid: 1 }] }],
    [{ a: 1, b: 1 }, { a: 1 }],
    [{ 'a.b': 1 }, { a: 5 }],
  ])('%j is not named by %j', (pattern, filter) => {
    expect(equalityOn(pattern, filter)).toBeUndefined();
  });
});

it('a key fits a pattern with the same fields in the same order', () => {
  expect(matchesShardKeyFields({ a: 1, b: 1 }, { a: 9, b: 9 })).toBe(true);
  expect(matchesShardKeyFields({ a: 1, b: 1 }, { b: 9, a: 9 })).toBe(false);
  expect(matchesShardKeyFields({ a: 1 }, { a: 1, b: 1 })).toBe(false);
  expect(matchesShardKeyFields({ a: 1 }, {})).toBe(false);
});

it('a pattern has at most one hashed field', () => {
  expect(hashedField({ a: 1, b: 'hashed' })).toBe('b');
  expect(hashedField({ a: 1 })).toBeUndefined();
});
