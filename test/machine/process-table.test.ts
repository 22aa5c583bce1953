import { describe, expect, test } from 'vitest';
import { findProcess, lookUpProcesses, parsePs, parseStat } from '../../src/machine/process-table.js';

/** Fields 3 to 22 of /proc/PID/stat with this state, number of threads and start time. */
const stat = (name: string, state: string, threads: number, start: number) =>
  `77 (${name}) ${state} 1 77 77 0 -1 4194560 1 2 0 0 3 4 0 0 20 0 ${threads} 0 ${start} 5124096 959`;

describe('/proc/PID/stat', () => {
  test('gives the start time, with the boot it counts from', () => {
    expect(parseStat(77, stat('mongod', 'S', 30, 90546), 'boot-1')).toEqual({
      pid: 77,
      startedAt: 'boot-1/90546',
      paused: false,
    });
  });

  test('is read right whatever the process calls itself', () => {
    expect(parseStat(77, stat('a) S 1 (b', 'T', 1, 5), 'b')).toEqual({
      pid: 77,
      startedAt: 'b/5',
      paused: true,
    });
  });

  test('of a zombie is of a process that is gone, unless other threads of it still end', () => {
    expect(parseStat(77, stat('mongod', 'Z', 1, 5), 'b')).toBeUndefined();
    expect(parseStat(77, stat('mongod', 'Z', 12, 5), 'b')).toBeDefined();
    expect(parseStat(77, '', 'b')).toBeUndefined();
  });
});

test('ps tells the same on other systems', () => {
  const text =
    '  77 S+   Fri Nov 20 16:10:16 2026\n   8 T    Fri Nov 20 16:11:00 2026\n   9 Z    Fri Nov 20 16:11:01 2026\n';
  expect(parsePs(text).filter((view) => view)).toEqual([
    { pid: 77, startedAt: 'Fri Nov 20 16:10:16 2026', paused: false },
    { pid: 8, startedAt: 'Fri Nov 20 16:11:00 2026', paused: true },
  ]);
});

test('a process is found by its identity, another with its pid is not', async () => {
  const view = (await lookUpProcesses([process.pid])).get(process.pid);
  expect(view?.paused).toBe(false);
  expect(await findProcess({ pid: process.pid, startedAt: view?.startedAt ?? '' })).toEqual(view);
  expect(await findProcess({ pid: process.pid, startedAt: 'another time' })).toBeUndefined();
});
