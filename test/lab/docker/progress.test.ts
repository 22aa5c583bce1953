import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { followPull, followUp, progressForm, readProgress } from '../../../src/lab/docker/progress.js';
import type { UpEvent } from '../../../src/lab/runtime.js';

function linesOf(file: string): readonly string[] {
  return readFileSync(new URL(`recorded/${file}`, import.meta.url), 'utf8').split('\n');
}

function pulled(file: string): UpEvent[] {
  const follow = followPull('mongo:7.0');
  return linesOf(file).flatMap((line) => {
    const read = readProgress(line);
    const event = read && follow(read);
    return event ? [event] : [];
  });
}

describe('followPull', () => {
  it.each(['pull-compose-2.26.txt', 'pull-compose-2.40.jsonl'])('follows bytes through %s', (file) => {
    const events = pulled(file);
    const phases = events.map((event) => event.phase);
    expect(phases.lastIndexOf('downloading')).toBeLessThan(phases.indexOf('unpacking'));
    // Two layers of 113.9 MB and 80.3 MB.
    const last = events.at(-1);
    expect(last).toMatchObject({ program: 'mongo:7.0', phase: 'unpacking' });
    const total = last?.kind === 'program' ? last.total : 0;
    expect(Math.round((total ?? 0) / 1e6)).toBe(194);
    expect(last).toMatchObject({ received: total });
    const received = events.map((event) => (event.kind === 'program' ? (event.received ?? 0) : 0));
    const first = received.slice(0, phases.indexOf('unpacking'));
    expect(first).toEqual([...first].sort((left, right) => left - right));
    expect(Math.max(...first)).toBeGreaterThan(100e6);
  });

  it('takes layers that are there already as done', () => {
    const follow = followPull('redis:8');
    const line = readProgress(' 77af2e1edc8c Already exists ');
    expect(line && follow(line)).toMatchObject({ phase: 'unpacking', received: 0, total: 0 });
  });
});

describe('followUp', () => {
  const stepsOf = (file: string) => {
    const follow = followUp('msc-0123456789');
    return linesOf(file).flatMap((line) => {
      const read = readProgress(line);
      const step = read && follow(read);
      return step ? [step] : [];
    });
  };

  it('says of a recreated service once that it starts', () => {
    expect(stepsOf('up-compose-2.40.jsonl')).toEqual([{ service: 'shard1a', phase: 'starting' }]);
  });

  it('reads plain lines just as well, and what is left alone', () => {
    expect(stepsOf('up-compose-2.26.txt')).toEqual([
      { service: 'shard1a', phase: 'starting' },
      { service: 'shard1a', phase: 'unchanged' },
    ]);
  });

  it('reads the words of Compose 5, where the status says only how it stands', () => {
    const follow = followUp('msc-0123456789');
    const line = readProgress('{"id":"Container msc-0123456789-shard1a-1","status":"Done","text":"Started"}');
    expect(line && follow(line)).toEqual({ service: 'shard1a', phase: 'starting' });
  });

  it('sees orphans stop, and passes over containers of other projects', () => {
    const follow = followUp('msc-0123456789');
    const steps = [
      '{"id":"Container msc-0123456789-config1-1","status":"Stopping"}',
      '{"id":"Container msc-0123456789-config1-1","status":"Removed"}',
      '{"id":"Container other-shard1a-1","status":"Stopping"}',
      '{"id":"Network msc-0123456789_default","status":"Created"}',
      'time="2026-11-20T16:15:24Z" level=warning msg="Found orphan containers"',
    ].map((line) => {
      const read = readProgress(line);
      return read && follow(read);
    });
    expect(steps).toEqual([
      { service: 'config1', phase: 'stopping' },
      { service: 'config1', phase: 'stopped' },
      undefined,
      undefined,
      undefined,
    ]);
  });
});

it('asks for JSON only of a Compose that has it with bytes', () => {
  expect(progressForm('2.26.1-4')).toBe('plain');
  expect(progressForm('2.40.3')).toBe('json');
  expect(progressForm('5.0.1')).toBe('json');
});
