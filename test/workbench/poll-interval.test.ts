import { expect, test } from 'vitest';
import { lookInterval } from '../../src/grading/watch.js';
import { createPollInterval } from '../../src/workbench/poll-interval.js';

test('a lab where nothing happens is looked at less often, until somebody stirs', () => {
  let now = 0;
  const attention = createPollInterval(() => now);
  expect(attention.interval()).toBe(lookInterval);
  now = 19_999;
  expect(attention.interval()).toBe(lookInterval);
  now = 20_000;
  expect(attention.interval()).toBeGreaterThan(lookInterval);
  expect(attention.stir()).toBe(true);
  expect(attention.stir()).toBe(false);
  expect(attention.interval()).toBe(lookInterval);
});
