import { expect, test, vi } from 'vitest';
import { changedLines, createScreen } from '../../../src/workbench/terminal/screen.js';
import { createVirtualTerminal } from '../support/virtual-terminal.js';

function openScreen(columns = 10, rows = 3) {
  const terminal = createVirtualTerminal(columns, rows);
  const screen = createScreen(terminal);
  /** Gives frames to the screen and lets the time pass after which it paints. */
  const showAll = (frames: readonly string[]) => {
    vi.useFakeTimers();
    for (const frame of frames) screen.stdout.write(frame);
    vi.runAllTimers();
    vi.useRealTimers();
  };
  const show = (...lines: string[]) => showAll([lines.join('\n')]);
  return { terminal, screen, show, showAll };
}

test('a frame of full width and height is painted to its last cell', async () => {
  const { terminal, screen, show } = openScreen();
  screen.enter();
  show('╭────────╮', '│ ok     │', '╰────────╯');
  expect(await terminal.text()).toBe('╭────────╮\n│ ok     │\n╰────────╯');
});

test('only lines that changed are painted', () => {
  const { terminal, screen, show } = openScreen();
  screen.enter();
  show('one', 'two', 'three');
  terminal.takeWritten();
  show('one', 'TWO', 'three');
  const written = terminal.takeWritten();
  expect(written).toContain('TWO');
  expect(written).not.toContain('one');
  expect(written).not.toContain('three');
});

test('the same frame again writes nothing', () => {
  const { terminal, screen, show } = openScreen();
  screen.enter();
  show('one');
  terminal.takeWritten();
  show('one');
  expect(terminal.takeWritten()).toBe('');
});

test('many frames in a row are painted as one', () => {
  const { terminal, screen, showAll } = openScreen();
  screen.enter();
  terminal.takeWritten();
  showAll(Array.from({ length: 100 }, (_, index) => `frame ${index}`));
  const written = terminal.takeWritten();
  expect(written).toContain('frame 99');
  expect(written).not.toContain('frame 98');
});

test('a shorter frame leaves nothing of a longer one, nor a shorter line of a longer one', async () => {
  const { terminal, screen, show } = openScreen();
  screen.enter();
  show('longer', 'second', 'third');
  show('short');
  expect((await terminal.text()).trimEnd()).toBe('short');
});

test('attributes end with their line', () => {
  expect(changedLines([], ['\u001B[31mred', 'plain'], 2)).toBe(
    '\u001B[1;1H\u001B[0m\u001B[K\u001B[31mred\u001B[0m\u001B[2;1H\u001B[0m\u001B[Kplain\u001B[0m',
  );
});

test('lines below the terminal are not painted', () => {
  expect(changedLines([], ['a', 'b', 'c'], 2)).not.toContain('c');
});

test('a resize paints the whole frame again and tells the new size', async () => {
  const { terminal, screen, show } = openScreen();
  const sizes: unknown[] = [];
  screen.onResize((size) => sizes.push(size));
  screen.enter();
  show('one', 'two');
  terminal.resize(20, 5);
  expect(sizes).toEqual([{ columns: 20, rows: 5 }]);
  expect((await terminal.text()).trimEnd()).toBe('one\ntwo');
});

test('while the screen is left frames are kept, and painted on return', async () => {
  const { terminal, screen, show } = openScreen();
  screen.enter();
  show('before');
  screen.leave();
  expect(await terminal.screen()).toBe('normal');
  terminal.takeWritten();
  show('meanwhile');
  expect(terminal.takeWritten()).toBe('');
  screen.enter();
  expect(await terminal.screen()).toBe('alternate');
  expect((await terminal.text()).trimEnd()).toBe('meanwhile');
});

test('closed, it is back on the normal screen with the cursor shown and writes no more', async () => {
  const { terminal, screen, show } = openScreen();
  screen.enter();
  show('frame');
  screen.close();
  const written = terminal.takeWritten();
  expect(written).toContain('\u001B[?25h');
  expect(await terminal.screen()).toBe('normal');
  show('late');
  expect(terminal.takeWritten()).toBe('');
});

test('a terminal that does not tell its size is taken for 80x24', () => {
  expect(openScreen().screen.size()).toEqual({ columns: 10, rows: 3 });
  const silent = { columns: 0, rows: 0, write() {}, on() {}, off() {} };
  expect(createScreen(silent).size()).toEqual({ columns: 80, rows: 24 });
});
