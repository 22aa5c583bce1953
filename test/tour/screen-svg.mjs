const cell = { width: 8.4, height: 17 };
const background = '#16181d';
const foreground = '#d8dbe2';
/** The 16 colours, normal then bright. */
const palette = [
  ...['#16181d', '#e06c75', '#8fc26f', '#e5c07b', '#61afef', '#c678dd', '#4fc1cf', '#d8dbe2'],
  ...['#6b7280', '#ff8a93', '#a9dc8a', '#ffd88f', '#83c6ff', '#dd9bf0', '#7adbe6', '#ffffff'],
];

/** What a terminal of @xterm/headless shows, as a picture: each run of cells of one style is one text. */
export function screenSvg(terminal) {
  const width = terminal.cols * cell.width + 24;
  const height = terminal.rows * cell.height + 24;
  const rows = Array.from({ length: terminal.rows }, (_, row) => runsOf(terminal, row)).flat();
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    '<title>The workbench: a lesson, its checks, the map of the cluster, and a shell</title>',
    `<rect width="${width}" height="${height}" rx="8" fill="${background}"/>`,
    `<g font-family="ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">`,
    ...rows,
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

function runsOf(terminal, row) {
  const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row);
  const runs = [];
  for (let column = 0; column < terminal.cols; column++) {
    const at = line?.getCell(column);
    if (!at || at.getWidth() === 0) continue;
    const style = styleOf(at);
    const last = runs.at(-1);
    const text = at.getChars() || ' ';
    if (last?.style === style) {
      last.text += text;
      last.cells += at.getWidth();
    } else runs.push({ style, text, column, cells: at.getWidth(), inverse: at.isInverse() !== 0 });
  }
  const y = 12 + (row + 1) * cell.height - 4;
  return runs.flatMap(words).map(({ style, text, column, cells, inverse }) => {
    const x = (12 + column * cell.width).toFixed(1);
    const length = (cells * cell.width).toFixed(1);
    const box = inverse
      ? `<rect x="${x}" y="${y - cell.height + 4}" width="${length}" height="${cell.height}" fill="${foreground}"/>`
      : '';
    return `${box}<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacing" ${style}>${escaped(text)}</text>`;
  });
}

/** The parts of a run between blanks: not every viewer keeps more than one blank. */
function words(run) {
  if (run.inverse || run.cells !== run.text.length) return [run];
  return [...run.text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: text, index }) => ({
    ...run,
    text,
    column: run.column + index,
    cells: text.length,
  }));
}

function styleOf(at) {
  const colour = at.isFgPalette() ? (palette[at.getFgColor()] ?? foreground) : foreground;
  return [
    `fill="${at.isInverse() ? background : colour}"`,
    at.isBold() ? 'font-weight="bold"' : '',
    at.isDim() ? 'opacity="0.6"' : '',
    at.isUnderline() ? 'text-decoration="underline"' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function escaped(text) {
  return text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]);
}
