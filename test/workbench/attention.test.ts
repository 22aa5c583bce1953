import { expect, test } from 'vitest';
import { lookInterval } from '../../src/grading/watch.js';
import { createAttention } from '../../src/workbench/attention.js';

test('a lab where nothing happens is looked at less often, until somebody stirs', () => {
  let now = 0;
  const attention = createAttention(() => now);
  expect(attention.interval()).toBe(lookInterval);
  now = 19_999;
  expect(attention.interval()).toBe(lookInterval);
  now = 20_000;
  expect(attention.interval()).toBeGreaterThan(lookInterval);
  expect(attention.stir()).toBe(true);
  expect(attention.stir()).toBe(false);
  expect(attention.interval()).toBe(lookInterval);
});
