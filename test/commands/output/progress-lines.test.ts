import headless from '@xterm/headless';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { progressLines } from '../../../src/commands/output/progress-lines.js';
import type { UpEvent } from '../../../src/lab/runtime.js';

const mib = 1024 * 1024;
const downloading = (program: string, received: number, total: number): UpEvent => ({
  kind: 'program',
  program,
  phase: 'downloading',
  received: received * mib,
  total: total * mib,
});
const program = (name: string, phase: 'looking' | 'unpacking' | 'ready', detail?: string): UpEvent => ({
  kind: 'program',
  program: name,
  phase,
  detail,
});

/** What a terminal of 60 columns shows after these events. */
async function shown(events: readonly UpEvent[], after = ''): Promise<string[]> {
  const terminal = new headless.Terminal({ cols: 60, rows: 12, convertEol: true, allowProposedApi: true });
  const tell = progressLines({ isTTY: true, columns: 60, write: (text) => terminal.write(text) });
  for (const event of events) tell(event);
  await new Promise<void>((resolve) => terminal.write(after, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: 12 }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}

test('on a terminal all downloads share the last line, and others go above it', async () => {
  const events = [
    downloading('mongod', 1, 80),
    downloading('redis-server', 1, 4),
    downloading('mongod', 20, 80),
    downloading('redis-server', 4, 4),
    program('redis-server', 'unpacking'),
    downloading('mongod', 40, 80),
  ];
  expect(await shown(events)).toEqual(['  redis-server: unpacking', '  downloading: mongod 40 of 80 MiB']);
  expect(await shown(events.slice(0, 3))).toEqual([
    '  downloading: mongod 20 of 80 MiB, redis-server 1 of 4 MiB',
  ]);
  expect(
    await shown([...events, program('mongod', 'unpacking'), program('mongod', 'ready', 'mongod 6.0.5')]),
  ).toEqual(['  redis-server: unpacking', '  mongod: unpacking', '  mongod: ready, mongod 6.0.5']);
});

test('an error that breaks a download off stands on a line of its own', async () => {
  expect(await shown([downloading('mongod', 1, 80)], 'error: no network\n')).toEqual([
    '  downloading: mongod 1 of 80 MiB',
    'error: no network',
  ]);
});

test('a line too long for the terminal is cut, not wrapped', async () => {
  const names = ['mongod', 'redis-server', 'traefik', 'mongosh'];
  const events = [1, 2, 3].flatMap((amount) => names.map((name) => downloading(name, amount, 99)));
  const lines = await shown(events);
  expect(lines).toEqual(['  downloading: mongod 3 of 99 MiB, redis-server 3 of 99 MiB']);
});

test('elsewhere a download is said by tenths, and one of unknown size once', () => {
  let written = '';
  const tell = progressLines({ write: (text) => (written += text) });
  for (let amount = 0; amount <= 80; amount += 2) tell(downloading('mongod', amount, 80));
  for (let chunk = 0; chunk < 9; chunk++)
    tell({ kind: 'program', program: 'mongosh', phase: 'downloading', detail: 'npm ci' });
  const lines = written.trimEnd().split('\n');
  expect(lines.filter((line) => line.includes('mongod:'))).toHaveLength(11);
  expect(lines.at(-1)).toBe('  mongosh: downloading, npm ci');
  expect(written).not.toContain('\u001B[1A');
});

test('a program that was there is not talked about, but one that is passed over is', () => {
  let written = '';
  const tell = progressLines({ write: (text) => (written += text) });
  tell(program('mongod', 'looking'));
  tell(program('mongod', 'looking', '/usr/bin/mongod is 4.4.0: too old'));
  tell(program('mongod', 'ready', 'mongod 6.0.5'));
  expect(written).toBe('  mongod: looking, /usr/bin/mongod is 4.4.0: too old\n');
});

describe('a wait', () => {
  const service = (name: string, phase: 'stopping' | 'stopped' | 'starting' | 'failed'): UpEvent => ({
    kind: 'service',
    service: name,
    phase,
  });
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('shows each second on a terminal that the course is alive, and what it waits for', () => {
    const written: string[] = [];
    const tell = progressLines({ isTTY: true, columns: 80, write: (text) => written.push(text) });
    tell(service('shard1a', 'stopping'));
    tell(service('shard2a', 'stopping'));
    tell(program('mongosh', 'unpacking'));
    for (let second = 1; second <= 3; second += 1) {
      const before = written.length;
      vi.advanceTimersByTime(1_000);
      expect(written.slice(before).join('')).toContain(
        `${second} s: stopping shard1a, shard2a; unpacking mongosh\n`,
      );
    }
    tell(service('shard1a', 'stopped'));
    tell(service('shard2a', 'failed'));
    tell(program('mongosh', 'ready'));
    const before = written.length;
    vi.advanceTimersByTime(10_000);
    expect(written.slice(before)).toEqual([]);
  });

  test('is told elsewhere after 1, 2, 4 and 8 seconds, and not when it is over', () => {
    const written: string[] = [];
    const tell = progressLines({ write: (text) => written.push(text) });
    tell(service('shard1a', 'starting'));
    vi.advanceTimersByTime(10_000);
    tell.close();
    vi.advanceTimersByTime(10_000);
    expect(written).toEqual([1, 2, 4, 8].map((seconds) => `  ${seconds} s: still starting shard1a\n`));
  });
});
