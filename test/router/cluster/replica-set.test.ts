import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createReplicaSet } from '../../../src/router/cluster/replica-set.js';
import type { Upstream } from '../../../src/router/cluster/upstream.js';
import type { Document } from '../../../src/router/wire/document-type.js';
import { NetworkError } from '../../../src/router/wire/errors.js';

const hosts = ['a:1', 'b:1', 'c:1'];
const secondary = { setName: 'shard1', hosts };
const primary = { ...secondary, isWritablePrimary: true, electionId: '7' };

interface Member extends Upstream {
  /** How often it was asked so far. */
  asked(): number;
}

/** A member that answers a hello like this, or not at all for so many milliseconds. */
function member(address: string, answer: () => Document | number): Member {
  let asked = 0;
  return {
    address,
    asked: () => asked,
    async run() {
      asked += 1;
      const answered = answer();
      if (typeof answered !== 'number') return answered;
      await delay(answered, undefined, { ref: false });
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

/** Every member was asked: the search is under way. */
function untilAsked(members: readonly Member[], times = 1): Promise<void> {
  return vi.waitFor(() => expect(members.every((one) => one.asked() >= times)).toBe(true), { interval: 5 });
}

test('takes a primary it hears of at once while a dead member delays the search', async () => {
  const b = member('b:1', () => secondary);
  const members = [member('a:1', () => 60_000), b, member('c:1', () => secondary)];
  const set = setOf(members);
  const found = set.primary();
  await untilAsked(members);
  set.hear(b, primary);
  expect(await found).toBe(b);
});

test('finds a primary that is elected between two rounds of asking', async () => {
  let elected = false;
  const b = member('b:1', () => (elected ? primary : secondary));
  const members = [member('a:1', () => 20), b, member('c:1', () => secondary)];
  const set = setOf(members);
  const found = set.primary();
  await untilAsked(members);
  elected = true;
  expect(await found).toBe(b);
  expect(b.asked()).toBeGreaterThan(1);
});
