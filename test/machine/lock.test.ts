import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LockHolder, lockHolder, withLock } from '../../src/machine/lock.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-lock-'));
  path = join(folder, 'deep', 'lab.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const busy = ({ purpose }: LockHolder) => new Error(`busy: ${purpose}`);

test('only one has it, and it says who; afterwards nothing is left', async () => {
  await withLock(path, { purpose: 'first' }, busy, async () => {
    expect(await lockHolder(path)).toMatchObject({ pid: process.pid, purpose: 'first' });
    await expect(withLock(path, { purpose: 'second' }, busy, async () => 'in')).rejects.toThrow(
      'busy: first',
    );
  });
  expect(await lockHolder(path)).toBeUndefined();
  expect(readdirSync(join(folder, 'deep'))).toEqual([]);
});

test('is given back when the work fails', async () => {
  await expect(
    withLock(path, { purpose: 'it' }, busy, () => Promise.reject(new Error('broke'))),
  ).rejects.toThrow('broke');
  expect(existsSync(path)).toBe(false);
});

test('who has patience gets it next', async () => {
  const order: string[] = [];
  let let1Go = () => {};
  const gate = new Promise<void>((resolve) => {
    let1Go = resolve;
  });
  const first = withLock(path, { purpose: 'first' }, busy, async () => {
    await gate;
    order.push('first');
  });
  await expect.poll(() => existsSync(path)).toBe(true);
  const second = withLock(path, { purpose: 'second', patience: 10_000, onWait: let1Go }, busy, async () => {
    order.push('second');
  });
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
});

test('left by a process that died, or by another that got its pid, or damaged, is taken over', async () => {
  for (const left of [
    JSON.stringify({ pid: process.pid, startedAt: 'another boot/1', purpose: 'up' }),
    JSON.stringify({ pid: 2 ** 22 + 1, startedAt: 'x', purpose: 'up' }),
    '{"pid": 12',
  ]) {
    await withLock(path, { purpose: 'makes the folder' }, busy, async () => {});
    writeFileSync(path, left);
    expect(await withLock(path, { purpose: 'new' }, busy, async () => 'in')).toBe('in');
  }
});

test('a folder in its place is a problem that names it, for who wants it and for who asks', async () => {
  mkdirSync(path, { recursive: true });
  const problem = { code: 'home-damaged', message: expect.stringContaining(path) };
  await expect(withLock(path, { purpose: 'it' }, busy, async () => 'in')).rejects.toMatchObject(problem);
  await expect(lockHolder(path)).rejects.toMatchObject(problem);
});

test('that is nobody’s and cannot be taken over is given up after a while', async () => {
  await withLock(path, { purpose: 'makes the folder' }, busy, async () => {});
  writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: 'x', purpose: 'died' }));
  // Another is always just about to take it over: its claim never grows old.
  writeFileSync(`${path}.takeover`, '');
  const inAnHour = Date.now() / 1000 + 3600;
  utimesSync(`${path}.takeover`, inAnHour, inAnHour);
  vi.useFakeTimers({ toFake: ['Date'] });
  const timePasses = setInterval(() => vi.advanceTimersByTime(2_000), 10);
  try {
    await expect(withLock(path, { purpose: 'it' }, busy, async () => 'in')).rejects.toMatchObject({
      code: 'lock-stuck',
      remedy: expect.stringContaining(path),
    });
  } finally {
    clearInterval(timePasses);
    vi.useRealTimers();
  }
});

test('of many who find it stale at once, one at a time has it', async () => {
  await withLock(path, { purpose: 'makes the folder' }, busy, async () => {});
  writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: 'x', purpose: 'died' }));
  let inside = 0;
  let most = 0;
  const one = () =>
    withLock(path, { purpose: 'one', patience: 20_000 }, busy, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 8 }, one));
  expect(most).toBe(1);
});
