import { beforeEach, expect, test, vi } from 'vitest';
import type { Clients } from '../../../src/lab/observe/clients.js';
import { openMongoPoller } from '../../../src/lab/observe/mongo-poller.js';
import type { ServiceStatus } from '../../../src/lab/runtime.js';

vi.useFakeTimers();

const running = (name: string, pid = 1): ServiceStatus => ({
  name,
  program: 'mongod',
  state: 'running',
  address: '127.0.0.1:27111',
  pid,
});

let asked: string[];
let changes: number;
let silent: string | undefined;
let asking: ReturnType<typeof openMongoPoller>;
beforeEach(() => {
  asked = [];
  changes = 0;
  silent = undefined;
  const clients = {
    mongo: (service: string) => ({
      db: () => ({
        command: async () => {
          asked.push(service);
          if (service === silent) throw new Error('timed out');
          return { setName: 'shard1', isWritablePrimary: true };
        },
      }),
    }),
    changes: () => changes,
  };
  asking = openMongoPoller(clients as unknown as Clients);
});

const both = [running('shard1a'), running('shard1b')];

test('at rest nobody is asked again before two seconds are over', async () => {
  const said = await asking.of(both);
  expect(said.get('shard1a')?.view).toMatchObject({ role: 'primary', set: 'shard1' });
  vi.advanceTimersByTime(1_999);
  expect(await asking.of(both)).toBe(said);
  expect(asked).toEqual(['shard1a', 'shard1b']);
  vi.advanceTimersByTime(1);
  await asking.of(both);
  expect(asked).toHaveLength(4);
});

test('a server that says it plays another part has all asked by the next look', async () => {
  await asking.of(both);
  changes += 1;
  await asking.of(both);
  expect(asked).toEqual(['shard1a', 'shard1b', 'shard1a', 'shard1b']);
});

test('what is said while they are being asked is not lost', async () => {
  const first = asking.of(both);
  changes += 1;
  await first;
  await asking.of(both);
  expect(asked).toHaveLength(4);
});

test('another process, or one more or less, is asked at once', async () => {
  await asking.of(both);
  await asking.of([running('shard1a', 2), running('shard1b')]);
  await asking.of([running('shard1b')]);
  expect(asked).toEqual(['shard1a', 'shard1b', 'shard1a', 'shard1b', 'shard1b']);
});

test('while one is silent every look asks', async () => {
  silent = 'shard1b';
  expect((await asking.of(both)).get('shard1b')?.view.role).toBe('silent');
  silent = undefined;
  expect((await asking.of(both)).get('shard1b')?.view.role).toBe('primary');
  await asking.of(both);
  expect(asked).toHaveLength(4);
});
