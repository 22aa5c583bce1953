import { expect, test } from 'vitest';
import hotShard from '../../lessons/sharding/hot-shard/lesson.js';
import { fakeLab, fakeRouter } from './support/fake-lab.js';

const cost = hotShard.checks[2];
const explained = (...shards: readonly string[]) => ({
  find: () => ({
    explain: async () => ({
      queryPlanner: { winningPlan: { shards: shards.map((shardName) => ({ shardName })) } },
    }),
  }),
});

const labWith = (key: object) =>
  fakeLab({
    answer: () => '2',
    mongo: fakeRouter({
      'config.collections': {
        find: () => ({
          toArray: async () => [
            { _id: 'shop.clicks', key: { at: 1 } },
            { _id: 'shop.clicks2', key },
          ],
        }),
      },
      'shop.clicks': explained('shard1'),
      'shop.clicks2': explained('shard1', 'shard2'),
    }),
  });

test('what the hash of the time costs is counted where it was made', async () => {
  expect(await cost?.look(labWith({ at: 'hashed' }))).toMatchObject({ state: 'pass' });
});

test('the right number for another key is no answer', async () => {
  expect(await cost?.look(labWith({ page: 'hashed' }))).toMatchObject({
    mistake: 'other-hash',
    observed: 'shop.clicks2 is sharded by { page: "hashed" }',
  });
});
