import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { endFlashes } from '../../../src/workbench/control/flash.js';
import { initialState } from '../../../src/workbench/state/state.js';
import { createStore } from '../../../src/workbench/state/store.js';
import { five, inState, lab } from '../support/labs.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a change is marked for a second, with one redraw at its end', () => {
  const store = createStore(initialState({ columns: 80, rows: 24 }));
  const stop = endFlashes(store);
  const see = (snapshot: typeof five) =>
    store.dispatch({ type: 'session-event', event: { kind: 'snapshot', snapshot } });
  see(five);
  expect(store.getState().flashing.size).toBe(0);
  const nodes = five.nodes.map((one) => (one.service === 'shard2a' ? inState(one, 'dead') : one));
  see(lab(nodes, { shards: five.shards }));
  expect([...store.getState().flashing]).toEqual(['shard2a']);

  const redrawn = vi.fn();
  store.subscribe(redrawn);
  vi.advanceTimersByTime(5_000);
  expect(store.getState().flashing.size).toBe(0);
  expect(redrawn).toHaveBeenCalledTimes(1);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});
