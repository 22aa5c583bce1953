import { Timestamp } from 'mongodb';
import { expect, test } from 'vitest';
import { type Heard, hello, withLag } from '../../../src/lab/observe/hello.js';
import type { NodeView } from '../../../src/lab/observe/snapshot.js';
import { readMembers } from '../../../src/lab/observe/stats-cache.js';

/** What a member of a set replies, as mongod 6.0 and 7.0 do. */
const reply = (role: object, second: number) => ({
  setName: 'shard1',
  hosts: ['a:1', 'b:1', 'c:1'],
  primary: 'a:1',
  lastWrite: { opTime: { ts: new Timestamp({ t: second, i: 1 }), t: 1 } },
  ...role,
});
const primary = { isWritablePrimary: true, secondary: false };
const secondary = { isWritablePrimary: false, secondary: true };

test.each([
  [{ msg: 'isdbgrid' }, 'router'],
  [{ isreplicaset: true, isWritablePrimary: false }, 'uninitiated'],
  [{ isWritablePrimary: true }, 'standalone'],
  [reply(primary, 5), 'primary'],
  [reply(secondary, 5), 'secondary'],
  [reply({ arbiterOnly: true }, 5), 'arbiter'],
  [reply({}, 5), 'recovering'],
])('what %o says of itself', (said, role) => {
  expect(hello(said).view.role).toBe(role);
});

function heard(service: string, said: object): Heard {
  const status = { name: service, program: 'mongod', state: 'running', address: `${service}:1` } as const;
  return { node: { service, tier: 'shard', status } satisfies NodeView, said: hello(said) };
}

test('a secondary is as far behind as its last write is older than the primary’s; one second is noise', () => {
  const nodes = withLag([
    heard('a', reply(primary, 100)),
    heard('b', reply(secondary, 99)),
    heard('c', reply(secondary, 88)),
    heard('other', { ...reply(secondary, 1), setName: 'shard2' }),
  ]);
  expect(nodes.map(({ node }) => node.mongo?.lag)).toEqual([undefined, undefined, 12, undefined]);
});

test('a primary that has just been elected on an older clock is no lag', () => {
  const nodes = withLag([heard('a', reply(primary, 100)), heard('b', reply(secondary, 104))]);
  expect(nodes[1]?.node.mongo).not.toHaveProperty('lag');
});

test('members as their set sees them', () => {
  const members = [
    { name: 'a:1', stateStr: 'PRIMARY', health: 1 },
    { name: 'b:1', stateStr: '(not reachable/healthy)', health: 0 },
  ];
  expect([...readMembers({ members })]).toEqual([
    ['a:1', { state: 'PRIMARY', healthy: true }],
    ['b:1', { state: '(not reachable/healthy)', healthy: false }],
  ]);
});
