import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { workLines } from '../../../src/workbench/plain/work-text.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a solution that is being typed and a server that stops are told as waits, until they are over', () => {
  const said: string[] = [];
  const { onEvent, close } = workLines((line) => said.push(line));
  onEvent({ kind: 'service', service: 'shard1a', phase: 'stopping' });
  vi.advanceTimersByTime(2_000);
  onEvent({ kind: 'service', service: 'shard1a', phase: 'stopped' });
  onEvent({ kind: 'replay', lesson: 'sharding/zones', phase: 'typing' });
  vi.advanceTimersByTime(1_000);
  close();
  vi.advanceTimersByTime(60_000);
  expect(said).toEqual([
    '  1 s: still stopping shard1a',
    '  2 s: still stopping shard1a',
    '  shard1a: stopped',
    '  sharding/zones: typing its solution',
    '  1 s: still typing the solution of sharding/zones',
  ]);
});
