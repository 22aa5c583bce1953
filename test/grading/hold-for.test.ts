import { expect, test } from 'vitest';
import { applyHoldFor, type Held } from '../../src/grading/hold-for.js';
import { check, pass, pending } from '../../src/lesson/lesson.js';

const state = check('a primary', { at: 'shard1a', holdFor: 3000, look: async () => pass('primary') });
const nothing: Held = new Map();

test('a state counts only once it has stayed true for its time', () => {
  const first = applyHoldFor(state, pass('primary'), { held: nothing, now: 1000 });
  expect(first).toMatchObject({
    outcome: { state: 'pending', expected: 'that it stays so for 3 s' },
    holding: true,
  });
  const second = applyHoldFor(state, pass('primary'), { held: first.held, now: 3999 });
  expect(second.holding).toBe(true);
  const third = applyHoldFor(state, pass('primary'), { held: second.held, now: 4000 });
  expect(third).toMatchObject({ outcome: { state: 'pass' }, holding: false });
});

test('a break starts the time anew', () => {
  const { held } = applyHoldFor(state, pass('primary'), { held: nothing, now: 1000 });
  const broken = applyHoldFor(state, pending('secondary', 'primary'), { held, now: 2000 });
  expect(broken).toMatchObject({ outcome: { state: 'pending' }, holding: false });
  expect(applyHoldFor(state, pass('primary'), { held: broken.held, now: 4500 }).holding).toBe(true);
});

test('a state that is lost is not passed any more', () => {
  const { held } = applyHoldFor(state, pass('primary'), { held: new Map([['a primary', 0]]), now: 9000 });
  expect(applyHoldFor(state, pending('down', 'primary'), { held, now: 9500 }).outcome.state).toBe('pending');
});
