import { type Collection, MongoNetworkError, MongoServerError, MongoWriteConcernError } from 'mongodb';
import { expect, test } from 'vitest';
import { passes, storeOnce } from '../../../src/shop/api/store-once.js';

const notPrimary = new MongoServerError({ code: 10107, message: 'not primary' });
const duplicate = new MongoServerError({ code: 11000, message: 'E11000 duplicate key error' });
const unconfirmed = new MongoWriteConcernError({
  ok: 1,
  writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' },
});
const refused = new MongoServerError({ code: 121, message: 'Document failed validation' });

/** A collection whose first inserts end with these errors, the next in success. */
function failing(...errors: readonly Error[]) {
  const tries: unknown[] = [];
  const collection = {
    async insertOne(document: unknown, options: unknown) {
      tries.push([document, options]);
      const error = errors[tries.length - 1];
      if (error) throw error;
    },
  } as unknown as Collection<{ _id: string }>;
  return { collection, tries };
}

const order = { _id: 'a-1' };
const signal = AbortSignal.timeout(60_000);

test('an election is waited out, with the same document and write concern each time', async () => {
  const { collection, tries } = failing(notPrimary, new MongoNetworkError('connection 3 closed'));
  await storeOnce(collection, order, { w: 'majority', signal });
  const one = [order, { writeConcern: { w: 'majority' }, signal }];
  expect(tries).toEqual([one, one, one]);
});

test('a duplicate is the try before that got through', async () => {
  const { collection, tries } = failing(new MongoNetworkError('connection 3 closed'), duplicate);
  await storeOnce(collection, order, { w: 1, signal });
  expect(tries).toHaveLength(2);
});

test('written and not confirmed is no yes: it is asked again', async () => {
  const { collection, tries } = failing(unconfirmed, duplicate);
  await storeOnce(collection, order, { w: 'majority', signal });
  expect(tries).toHaveLength(2);
});

test('what does not pass is not tried again', async () => {
  const { collection, tries } = failing(refused);
  await expect(storeOnce(collection, order, { w: 1, signal })).rejects.toBe(refused);
  expect(tries).toHaveLength(1);
});

test('at the deadline the last word of the database is the error', async () => {
  const { collection, tries } = failing(...Array.from({ length: 100 }, () => notPrimary));
  const begun = performance.now();
  const late = storeOnce(collection, order, { w: 1, signal: AbortSignal.timeout(300) });
  await expect(late).rejects.toBe(notPrimary);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(290);
  expect(tries.length).toBeGreaterThan(1);
});

test.each([
  ['a router that finds no primary', new MongoServerError({ code: 133 }), true],
  ['a chunk that has just moved', new MongoServerError({ code: 13388 }), true],
  ['a command that is not known', new MongoServerError({ code: 59 }), false],
  ['a mistake in the shop', new TypeError('undefined is not a function'), false],
])('%s', (_, error, expected) => {
  expect(passes(error)).toBe(expected);
});
