import { expect, test, vi } from 'vitest';
import { openCachedPoller } from '../../../src/lab/observe/cached-poller.js';
import type { ServiceStatus } from '../../../src/lab/runtime.js';

vi.useFakeTimers();

const running = (name: string, pid = 1): ServiceStatus => ({
  name,
  program: 'node',
  state: 'running',
  address: '127.0.0.1:8081',
  pid,
});

test('all are asked at most once a second, and at once where one is another process', async () => {
  const asked: string[] = [];
  const asking = openCachedPoller<string>();
  const ask = async ({ name, pid }: ServiceStatus) => {
    asked.push(name);
    return `${name} as ${pid}`;
  };
  const both = [running('shop1'), running('shop2')];
  const said = await asking.of(both, ask);
  expect(said.get('shop2')).toBe('shop2 as 1');
  vi.advanceTimersByTime(999);
  expect(await asking.of(both, ask)).toBe(said);
  vi.advanceTimersByTime(1);
  await asking.of(both, ask);
  expect(asked).toHaveLength(4);
  expect((await asking.of([running('shop1', 2), running('shop2')], ask)).get('shop1')).toBe('shop1 as 2');
  expect((await asking.of([running('shop1', 2)], ask)).size).toBe(1);
  expect((await asking.of([], ask)).size).toBe(0);
});
