import type { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { dedupeInFlight } from '../../../src/lesson/probes/dedupe.js';

const one = {} as MongoClient;
const other = {} as MongoClient;

test('who asks while it is being read gets the same answer; whoever comes later, another', async () => {
  let times = 0;
  const read = dedupeInFlight(async () => {
    times += 1;
    return times;
  });
  expect(await Promise.all([read(one), read(one), read(other)])).toEqual([1, 1, 2]);
  expect(await read(one)).toBe(3);
});

test('what failed is told to all who asked, and not kept', async () => {
  let times = 0;
  const read = dedupeInFlight(async () => {
    times += 1;
    if (times === 1) throw new Error('away');
    return times;
  });
  const both = await Promise.allSettled([read(one), read(one)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await read(one)).toBe(2);
});
