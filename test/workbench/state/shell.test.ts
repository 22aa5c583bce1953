import { expect, test } from 'vitest';
import { keyContext } from '../../../src/workbench/keys/match.js';
import type { Action } from '../../../src/workbench/state/actions.js';
import { reduce } from '../../../src/workbench/state/reducer.js';
import { initialState, type WorkbenchState } from '../../../src/workbench/state/state.js';
import { isZoomed, shellArea, shellSize } from '../../../src/workbench/view/shell-area.js';
import { shellTitle } from '../../../src/workbench/view/shell-lines.js';
import { addShards } from '../support/fake-session.mjs';

const router = { service: 'router1', kind: 'own' } as const;
const system = { service: 'shard1a', kind: 'system' } as const;
const live = [
  { ...router, ended: undefined },
  { ...system, ended: undefined },
];

function after(columns: number, ...actions: readonly Action[]): WorkbenchState {
  return [
    { type: 'lesson-opened', lesson: addShards } as const,
    { type: 'shells-changed', entries: live } as const,
    { type: 'shell-shown', shell: router } as const,
    ...actions,
  ].reduce(reduce, initialState({ columns, rows: 36 }));
}

test('a shell that is shown has the keys, and gives them back at the prefix key', () => {
  expect(keyContext(after(120))).toBe('shell');
  const left = after(120, { type: 'shell-left' });
  expect([left.pane, keyContext(left)]).toEqual(['lesson', 'shell-prefix']);
  expect(keyContext(reduce(left, { type: 'prefix-over' }))).toBe('lesson');
  expect(reduce(reduce(left, { type: 'prefix-over' }), { type: 'prefix-over' }).shell.open).toBe(true);
});

test('prefix and zoom key zoom, and from a zoomed shell they lead back', () => {
  const zoomed = after(120, { type: 'shell-left' }, { type: 'shell-zoomed' });
  expect([isZoomed(zoomed), keyContext(zoomed)]).toEqual([true, 'shell']);
  expect(shellArea(zoomed)).toEqual({ top: 0, width: 120, height: 35, bordered: false });
  const back = [{ type: 'shell-left' } as const, { type: 'shell-zoomed' } as const].reduce(reduce, zoomed);
  expect([isZoomed(back), keyContext(back)]).toEqual([false, 'shell']);
});

test('what lies over the lesson is seen first', () => {
  const asked = after(
    120,
    { type: 'shell-zoomed' },
    { type: 'overlay-opened', overlay: { kind: 'help', top: 0 } },
  );
  expect(isZoomed(asked)).toBe(false);
  expect(shellArea(after(80, { type: 'overlay-opened', overlay: { kind: 'help', top: 0 } }))).toBeUndefined();
});

test('a shell that ends says how and is not zoomed any more; Enter is not its key then', () => {
  const ended = after(
    120,
    { type: 'shell-zoomed' },
    { type: 'shells-changed', entries: [{ ...router, ended: 'ended with 1' }] },
  );
  expect([isZoomed(ended), keyContext(ended)]).toEqual([false, 'shell-ended']);
  expect(shellTitle(ended.shell)).toBe('Shell on router1: ended with 1. Enter opens it anew, x closes');
});

test('the pane closes with a shell that could not be started', () => {
  const failed = after(120, { type: 'shells-changed', entries: [] });
  expect([failed.pane, failed.shell.open]).toEqual(['lesson', false]);
});

test('which of several shells is shown', () => {
  expect(shellTitle(after(120).shell)).toBe('Shell on router1 (1 of 2)');
  const second = after(120, { type: 'shell-shown', shell: system });
  expect(shellTitle(second.shell)).toBe('System shell on shard1a (2 of 2)');
});

test('below the panes it has the whole width; behind tabs all that the tabs leave', () => {
  const wide = shellArea(after(120));
  expect(wide).toEqual({ top: 23, width: 120, height: 12, bordered: true });
  expect(wide && shellSize(wide)).toEqual({ columns: 118, rows: 10 });
  expect(shellArea(after(80))).toEqual({ top: 2, width: 80, height: 33, bordered: true });
  expect(shellArea(after(80, { type: 'pane-chosen', pane: 'checks' }))).toBeUndefined();
  expect(shellArea(after(120, { type: 'course-shown' }))).toBeUndefined();
  expect(shellArea(after(120, { type: 'resized', size: { columns: 50, rows: 10 } }))).toBeUndefined();
});
