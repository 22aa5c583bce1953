import { expect, test } from 'vitest';
import { parseFault } from '../../../src/workbench/plain/fault.js';

test('a fault has a kind and a service', () => {
  expect(parseFault('kill shard1a')).toEqual({ fault: 'kill', service: 'shard1a' });
  expect(parseFault('Start router1')).toEqual({ fault: 'start', service: 'router1' });
});

test.each([
  ['', 'unknown-fault', /There are stop, kill/],
  ['kil shard1a', 'unknown-fault', /There are stop, kill/],
  ['shard1a', 'unknown-fault', /There are stop, kill/],
  ['kill', 'no-service', /status names all/],
  ['kill shard1a shard1b', 'no-service', /status names all/],
])('"fault %s" is told what is missing', (text, code, remedy) => {
  expect(() => parseFault(text)).toThrow(
    expect.objectContaining({ code, exitCode: 2, remedy: expect.stringMatching(remedy) }),
  );
});
