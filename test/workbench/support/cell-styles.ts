import type { IBufferCell, Terminal } from '@xterm/headless';

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/**
 * The styles of a screen's cells as a picture of letters, one letter a style in the order of their appearance, and
 * below it what each letter stands for; a cell without style is a dot. What stands in a cell is not told.
 */
export function cellStyles(terminal: Terminal): string {
  const letters = new Map<string, string>();
  const { active } = terminal.buffer;
  const cell = active.getNullCell();
  const rows = Array.from({ length: terminal.rows }, (_, row) => {
    const line = active.getLine(active.viewportY + row);
    let text = '';
    for (let column = 0; column < terminal.cols; column++) {
      const known = line?.getCell(column, cell);
      const style = known === undefined || known.isAttributeDefault() ? '' : styleOf(known);
      if (style !== '' && !letters.has(style)) letters.set(style, String.fromCharCode(97 + letters.size));
      text += letters.get(style) ?? '.';
    }
    return text;
  });
  return [...rows, ...[...letters].map(([style, letter]) => `${letter} ${style}`)].join('\n');
}

function styleOf(cell: IBufferCell): string {
  const words = [
    cell.isBold() ? 'bold' : '',
    cell.isDim() ? 'dim' : '',
    cell.isItalic() ? 'italic' : '',
    cell.isUnderline() ? 'underlined' : '',
    cell.isInverse() ? 'inverse' : '',
    cell.isFgDefault() ? '' : colourOf(cell.getFgColor(), cell.isFgRGB()),
    cell.isBgDefault() ? '' : `on ${colourOf(cell.getBgColor(), cell.isBgRGB())}`,
  ];
  return words.filter((word) => word !== '').join(' ');
}

function colourOf(value: number, rgb: boolean): string {
  if (rgb) return `#${value.toString(16).padStart(6, '0')}`;
  if (value < 16) return `${value < 8 ? '' : 'bright '}${colours[value % 8]}`;
  return `colour ${value}`;
}
