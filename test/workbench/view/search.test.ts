import { expect, test } from 'vitest';
import { matchingLessons, searchLines } from '../../../src/workbench/view/search.js';
import { stages } from '../support/fake-session.mjs';

test.each([
  ['', 4],
  ['shard', 2],
  ['SHARDING', 2],
  ['add shards', 1],
  ['shards add', 1],
  ['first-mongod', 1],
  ['  shop ', 1],
  ['no such lesson', 0],
])('"%s" finds %i of the lessons', (search, count) => {
  expect(matchingLessons(stages, search)).toHaveLength(count);
});

test('lessons are found by title and by id, in the order of the course', () => {
  expect(matchingLessons(stages, 'the')).toEqual([
    'single-node/first-mongod',
    'single-node/load-the-shop',
    'sharding/config-server',
    'sharding/add-shards',
  ]);
  expect(matchingLessons(stages, 'Load the')).toEqual(['single-node/load-the-shop']);
});

test('what is found keeps the number and the progress of its stage', () => {
  const overlay = { kind: 'search', draft: 'add', cursor: 'sharding/add-shards' } as const;
  const { lines, cursorLine } = searchLines({
    stages,
    lab: undefined,
    snapshot: undefined,
    overlay,
    width: 60,
  });
  expect(lines.map((line) => line.trimEnd())).toEqual([
    '/ add▏',
    '',
    '2  Sharding                                    0 of 2 passed',
    ' › · Add the shards                                    8 min',
  ]);
  expect(cursorLine).toBe(3);
});
