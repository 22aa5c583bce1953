import type headless from '@xterm/headless';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { loadTerminal } from '../../../src/workbench/shell/load-terminal.js';
import { terminalRows } from '../../../src/workbench/shell/rows.js';

type Terminal = InstanceType<typeof headless.Terminal>;

async function terminalWith(text: string, columns = 20, rows = 4): Promise<Terminal> {
  const loaded = await loadTerminal();
  if (loaded === undefined) throw new Error('this platform has no pseudo-terminal');
  const terminal = loaded.createTerminal({ columns, rows });
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  return terminal;
}

/** Everything that a terminal knows of its cells. */
function cells(terminal: Terminal): unknown[] {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, row) =>
    Array.from({ length: terminal.cols }, (_, column) => {
      const cell = active.getLine(active.viewportY + row)?.getCell(column);
      return [
        cell?.getChars() || ' ',
        cell?.getFgColorMode(),
        cell?.getFgColor(),
        cell?.getBgColorMode(),
        cell?.getBgColor(),
        cell?.isBold(),
        cell?.isDim(),
        cell?.isItalic(),
        cell?.isUnderline(),
        cell?.isInverse(),
        cell?.isStrikethrough(),
      ];
    }),
  );
}

test('what is drawn from the rows is what the program drew', async () => {
  const drawn = await terminalWith(
    [
      'plain \u001B[1mbold\u001B[22m \u001B[2mdim\u001B[0m',
      '\u001B[3;4;9mall\u001B[0m \u001B[7minverse\u001B[0m',
      '\u001B[31mred\u001B[92mgreen\u001B[44mon blue\u001B[0m',
      '\u001B[38;5;200m200\u001B[48;2;1;2;3mrgb\u001B[0m 漢字🙂é',
    ].join('\r\n'),
  );
  const rows = terminalRows(drawn, { cursor: false });
  expect(cells(await terminalWith(rows.join('\r\n')))).toEqual(cells(drawn));
});

test('every row has the terminal’s width, wide characters and all', async () => {
  const drawn = await terminalWith('漢字🙂👍é ü\r\n\u001B[41mxx\r\n\u001B[2C中', 9);
  for (const row of terminalRows(drawn, { cursor: true })) expect(stringWidth(row), row).toBe(9);
});

test('the cursor is its cell inverted, and stays inside a full line', async () => {
  expect(terminalRows(await terminalWith('ab\u001B[D'), { cursor: true })[0]).toContain(
    'a\u001B[0;7mb\u001B[0m',
  );
  expect(terminalRows(await terminalWith('abcd', 4), { cursor: true })[0]).toBe('abc\u001B[0;7md\u001B[0m');
  expect(terminalRows(await terminalWith('ab'), { cursor: false })[0]).toBe(`ab${' '.repeat(18)}`);
});

test('scrolled back, the rows are those above and the cursor is out of sight', async () => {
  const terminal = await terminalWith(Array.from({ length: 9 }, (_, line) => `line ${line}`).join('\r\n'));
  terminal.scrollLines(-5);
  const rows = terminalRows(terminal, { cursor: true });
  expect(rows.map((row) => row.trimEnd())).toEqual(['line 0', 'line 1', 'line 2', 'line 3']);
});
