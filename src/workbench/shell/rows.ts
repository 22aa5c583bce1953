import type { IBuffer, IBufferCell, Terminal } from '@xterm/headless';

/**
 * What a terminal in memory shows, a string of exactly `cols` cells a row, with styles as escape sequences.
 * `cursor`: whether the cell under the cursor is shown inverted.
 */
export function terminalRows(terminal: Terminal, { cursor }: { cursor: boolean }): readonly string[] {
  const buffer = terminal.buffer.active;
  const cell = buffer.getNullCell();
  // Scrolled back, the cursor's row may be below what is seen.
  const cursorRow = cursor ? buffer.baseY + buffer.cursorY - buffer.viewportY : -1;
  // After a full line the cursor stands beyond the last cell until something is written.
  const cursorColumn = Math.min(buffer.cursorX, terminal.cols - 1);
  return Array.from({ length: terminal.rows }, (_, row) =>
    rowText(buffer, row, { cell, columns: terminal.cols, cursor: row === cursorRow ? cursorColumn : -1 }),
  );
}

function rowText(
  buffer: IBuffer,
  row: number,
  { cell, columns, cursor }: { cell: IBufferCell; columns: number; cursor: number },
): string {
  const line = buffer.getLine(buffer.viewportY + row);
  let text = '';
  let style = '';
  for (let column = 0; column < columns; column++) {
    const known = line?.getCell(column, cell);
    const width = known?.getWidth() ?? 1;
    // The second half of a wide character, which is drawn with the first.
    if (width === 0) continue;
    const plain = known === undefined || known.isAttributeDefault();
    let next = plain ? '' : styleOf(known);
    if (column <= cursor && cursor < column + width) next = known?.isInverse() ? `${next};27` : `${next};7`;
    if (next !== style) {
      text += `\u001B[0${next}m`;
      style = next;
    }
    text += known?.isInvisible() ? ' '.repeat(width) : known?.getChars() || ' ';
  }
  return style === '' ? text : `${text}\u001B[0m`;
}

/** Parameters of SGR (ECMA-48, "select graphic rendition") that follow a reset. */
function styleOf(cell: IBufferCell): string {
  let style = '';
  if (cell.isBold()) style += ';1';
  if (cell.isDim()) style += ';2';
  if (cell.isItalic()) style += ';3';
  if (cell.isUnderline()) style += ';4';
  if (cell.isInverse()) style += ';7';
  if (cell.isStrikethrough()) style += ';9';
  if (!cell.isFgDefault()) style += `;${colour(cell.getFgColor(), cell.isFgRGB(), 30)}`;
  if (!cell.isBgDefault()) style += `;${colour(cell.getBgColor(), cell.isBgRGB(), 40)}`;
  return style;
}

/** `base`: 30 for the text, 40 for what is behind it. The first 16 are those of the learner's own theme. */
function colour(value: number, rgb: boolean, base: 30 | 40): string {
  if (rgb) return `${base + 8};2;${value >> 16};${(value >> 8) & 0xff};${value & 0xff}`;
  if (value < 8) return String(base + value);
  return value < 16 ? String(base + 60 + value - 8) : `${base + 8};5;${value}`;
}
