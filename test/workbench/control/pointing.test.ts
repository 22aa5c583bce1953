import { afterEach, expect, test, vi } from 'vitest';
import { type Mounted, mountFake } from '../support/mounted.js';

// The terminal in memory works at the pace of a busy machine.
vi.setConfig({ testTimeout: 30_000 });

let mounted: Mounted;
afterEach(() => mounted.close());

const click = (column: number, row: number): string => `\u001B[<0;${column + 1};${row + 1}M`;
const wheelUp = (column: number, row: number): string => `\u001B[<64;${column + 1};${row + 1}M`;
const wheelDown = (column: number, row: number): string => `\u001B[<65;${column + 1};${row + 1}M`;

async function openLesson(columns = 120, rows = 24): Promise<Mounted> {
  mounted = await mountFake(columns, rows);
  mounted.press('\r');
  await mounted.shows('Add the shards (8 min)');
  return mounted;
}

test('a click chooses a lesson of the list, another one opens it', async () => {
  mounted = await mountFake(120, 36);
  const { press, session, shows } = mounted;
  const rows = (await shows('Enter open')).split('\n');
  const row = rows.findIndex((line) => line.includes('Load the shop'));
  press(click(10, row));
  await shows(/› ◐ Load the shop/);
  expect(session.calls).toEqual([]);
  press(click(10, row));
  await expect.poll(() => session.calls).toEqual(['openLesson single-node/load-the-shop']);
});

test('a click beside the lessons chooses none', async () => {
  mounted = await mountFake(120, 36);
  const { press, shows } = mounted;
  for (const [column, row] of [
    [10, 0],
    [10, 1],
    [10, 2],
    [10, 30],
    [100, 4],
    [10, 35],
  ] as const) {
    press(click(column, row));
  }
  expect(mounted.session.calls).toEqual([]);
  await shows(/› · Add the shards/);
});

test('a click gives a pane the keys', async () => {
  const { press, shows } = await openLesson();
  press(click(100, 3));
  await shows('▸ Checks');
  press(click(100, 20));
  await shows('▸ Lab');
  press(click(3, 20));
  await shows('▸ Add the shards');
});

test('where panes are behind tabs, a click chooses a tab', async () => {
  const { press, shows } = await openLesson(80, 24);
  const column = (await shows('[1 Lesson]')).split('\n')[1]?.indexOf('3 Lab') ?? -1;
  press(click(column, 1));
  await shows('[3 Lab 5]');
  press(click(2, 1));
  await shows('[1 Lesson]');
  // Between the tabs, and a shell that is not open.
  press(click(0, 1) + click(11, 1) + click(column + 10, 1));
  press(wheelDown(3, 5));
  await shows(/ 4-\d+ of/);
  await shows('[1 Lesson]');
});

test('the wheel scrolls the pane under the pointer, and the keys stay where they are', async () => {
  const { press, shows } = await openLesson();
  await shows(/ 1-20 of/);
  press('2');
  await shows('▸ Checks');
  press(wheelDown(3, 3) + wheelDown(3, 3));
  expect(await shows(/ 7-26 of/)).toContain('▸ Checks');
  press(wheelUp(3, 3));
  await shows(/ 4-23 of/);
});

test('the wheel moves through the list of lessons, and through the keys', async () => {
  mounted = await mountFake(80, 20);
  const { press, shows } = mounted;
  press(wheelUp(3, 5));
  await shows(/› · The config server/);
  press('\r');
  await shows('Add the shards (8 min)');
  press('?');
  const before = await shows('▸ Keys');
  press(wheelDown(3, 5));
  await expect.poll(() => mounted.terminal.text()).not.toBe(before);
  await shows(/ 4-\d+ of/);
});
