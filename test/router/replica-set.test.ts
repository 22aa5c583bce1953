import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Document } from '../../src/router/document.js';
import { NetworkError } from '../../src/router/errors.js';
import { createReplicaSet } from '../../src/router/replica-set.js';
import type { Upstream } from '../../src/router/upstream.js';

const hosts = ['a:1', 'b:1', 'c:1'];
const secondary = { setName: 'shard1', hosts };
const primary = { ...secondary, isWritablePrimary: true, electionId: '7' };

/** A member that says so, or nothing for so many milliseconds. */
function member(address: string, says: () => Document | number): Upstream {
  return {
    address,
    async run() {
      const said = says();
      if (typeof said !== 'number') return said;
      await delay(said, undefined, { ref: false });
      throw new NetworkError(address, 'not connected', false, true);
    },
    request: () => Promise.reject(new Error('not asked for')),
    reset: () => undefined,
  };
}

function setOf(members: readonly Upstream[]) {
  const at = (address: string) => members.find((one) => one.address === address) as Upstream;
  return createReplicaSet('shard1', hosts, at, () => undefined);
}

test('a primary that is heard of while a dead member keeps the search waiting is taken at once', async () => {
  const b = member('b:1', () => secondary);
  const set = setOf([member('a:1', () => 60_000), b, member('c:1', () => secondary)]);
  const found = set.primary();
  await delay(50);
  set.hear(b, primary);
  expect(await found).toBe(b);
});

test('it is found by asking too, when members that answered no are asked again', async () => {
  let elected = false;
  const b = member('b:1', () => (elected ? primary : secondary));
  const set = setOf([member('a:1', () => 100), b, member('c:1', () => secondary)]);
  const found = set.primary();
  await delay(50);
  elected = true;
  expect(await found).toBe(b);
});
