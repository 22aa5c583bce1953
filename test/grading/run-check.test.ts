import { MongoNetworkError, MongoServerError } from 'mongodb';
import { expect, test } from 'vitest';
import { ShopSilent } from '../../src/grading/ask-shop.js';
import { look } from '../../src/grading/run-check.js';
import type { ServiceState } from '../../src/lab/runtime.js';
import { type Check, check, type LabView, pass } from '../../src/lesson/lesson.js';

function labWhere(state: ServiceState): LabView {
  const status = { name: 'shard1a', program: 'mongod' as const, state, address: '127.0.0.1:27111' };
  return {
    snapshot: {
      takenAt: 0,
      stage: 'sharding',
      runtime: 'local',
      nodes: [{ service: 'shard1a', tier: 'shard', status }],
      shards: [],
      moves: [],
    },
    begun: 0,
    mongo: () => {
      throw new Error('not asked here');
    },
    address: () => '127.0.0.1:27111',
    peer: () => '127.0.0.1:27111',
    answer: () => undefined,
    measured: () => undefined,
    recall: () => undefined,
    remember: () => undefined,
    redis: () => Promise.reject(new Error('not asked here')),
    file: () => undefined,
    traffic: () => undefined,
    exam: () => undefined,
    shop: () => Promise.reject(new ShopSilent()),
  };
}

const checkThat = (result: Check['look']): Check => check('it', { at: 'shard1a', look: result });
const throwing = (error: unknown): Check =>
  checkThat(async () => {
    throw error;
  });

test('a node that this machine cannot run is named as that, with what to do about it', async () => {
  const lab = labWhere('absent');
  const leftOut = 'nginx is not installed: install nginx';
  const nodes = lab.snapshot.nodes.map((node) => ({ ...node, status: { ...node.status, leftOut } }));
  const outcome = await look(
    checkThat(async () => pass('it is')),
    { ...lab, snapshot: { ...lab.snapshot, nodes } },
  );
  expect(outcome).toMatchObject({ state: 'pending', observed: `shard1a is left out: ${leftOut}` });
});

test('a look that says pass is a pass', async () => {
  expect(
    await look(
      checkThat(async () => pass('it is')),
      labWhere('running'),
    ),
  ).toEqual({
    state: 'pass',
    observed: 'it is',
  });
});

test.each(['dead', 'stopped', 'paused', 'absent'] as const)(
  'a node that is %s is not asked',
  async (state) => {
    expect(await look(throwing(new Error('asked')), labWhere(state))).toEqual({
      state: 'pending',
      observed: `shard1a is ${state}`,
      expected: 'shard1a running',
    });
  },
);

test('a check that looks elsewhere does not need its node', async () => {
  const elsewhere = check('it', { at: 'shard1a', evenIfDown: true, look: async () => pass('it is') });
  expect(await look(elsewhere, labWhere('stopped'))).toMatchObject({ state: 'pass' });
});

test('a node that does not answer is a state of the lab', async () => {
  const outcome = await look(throwing(new MongoNetworkError('connect ECONNREFUSED')), labWhere('running'));
  expect(outcome).toMatchObject({ state: 'pending', observed: 'shard1a does not answer' });
});

test('a shop that does not answer is one too', async () => {
  const asks = checkThat(async ({ shop }) => pass(String((await shop('/health')).status)));
  expect(await look(asks, labWhere('running'))).toMatchObject({ state: 'pending' });
});

test('a set without configuration is a state of the lab, in the words of the server', async () => {
  const error = new MongoServerError({ message: 'no replset config has been received', code: 94 });
  expect(await look(throwing(error), labWhere('running'))).toMatchObject({
    state: 'pending',
    observed: 'no replset config has been received',
  });
});

test.each([
  ['a fault in the check', new TypeError('undefined is not a function')],
  ['a command the server does not know', new MongoServerError({ message: 'no such command', code: 59 })],
])('%s is the failure of the course', async (_, error) => {
  expect((await look(throwing(error), labWhere('running'))).state).toBe('error');
});

test.each([
  ['ReplyError', 'CLUSTERDOWN Hash slot not served', 'pending'],
  ['ReplyError', 'LOADING Redis is loading the dataset in memory', 'pending'],
  ['Error', 'Connection is closed.', 'pending'],
  ['Error', 'Command timed out', 'pending'],
  ['ReplyError', "ERR unknown command 'GTE'", 'error'],
])('of Redis, %s %s is %s', async (name, message, state) => {
  const error = Object.assign(new Error(message), { name });
  expect(await look(throwing(error), labWhere('running'))).toMatchObject({ state, observed: message });
});
