import type { MapGroup } from '../../state/map-groups.js';
import { fit } from '../../text/columns.js';
import { theme } from '../../theme.js';
import { type MapMarks, nodeCell } from './cell.js';
import { type BarScale, barScale, dataBar } from './data-bar.js';
import { type Drawn, drawnNode, plain } from './drawn.js';
import { groupTitle } from './group-title.js';
import { cellWidthAbove, type MapLayout } from './layout.js';

type BoxesLayout = Extract<MapLayout, { kind: 'boxes' }>;

/** What is above the shards as lines, the shards as boxes side by side, a line from one to the other. */
export function drawBoxes(layout: BoxesLayout, marks: MapMarks, width: number): readonly Drawn[] {
  const scale = barScale(layout.shards);
  const lines: Drawn[] = layout.above.flatMap((group) => linesAbove(group, layout, marks, width));
  if (layout.fan && layout.above.length > 0) lines.push(plain(fan(layout)));
  for (let first = 0; first < layout.shards.length; first += layout.perRow) {
    const row = layout.shards.slice(first, first + layout.perRow);
    const members = Math.max(...row.map(({ nodes }) => nodes.length));
    const boxes = row.map((group) => box(group, layout, { marks, members, scale }));
    for (let line = 0; line < members + 3; line += 1) {
      const parts = boxes.map((one) => one[line] ?? plain(''));
      lines.push({
        text: parts.map(({ text }) => text).join(' '),
        nodes: parts.flatMap(({ nodes }) => nodes),
      });
    }
  }
  return lines;
}

function linesAbove(group: MapGroup, layout: BoxesLayout, marks: MapMarks, width: number): readonly Drawn[] {
  const cellWidth = cellWidthAbove(layout);
  const perLine = Math.max(1, Math.floor((width - layout.titleWidth - 1) / cellWidth));
  const lines: Drawn[] = [];
  for (let first = 0; first < group.nodes.length; first += perLine) {
    const nodes = group.nodes.slice(first, first + perLine);
    const title = theme.dim(fit(first === 0 ? group.title : '', layout.titleWidth));
    const cells = nodes.map((node, index) => {
      // The last may use what the line has left.
      const room = width - layout.titleWidth - 1 - index * cellWidth;
      const last = index === nodes.length - 1;
      const cell = nodeCell(node, marks, { ...layout, width: last ? room : cellWidth, words: true });
      return last ? cell : fit(cell, cellWidth);
    });
    lines.push({ text: `${title} ${cells.join('')}`, nodes: nodes.map(({ service }) => service) });
  }
  return lines;
}

function box(
  group: MapGroup,
  { boxWidth, nameWidth }: BoxesLayout,
  { marks, members, scale }: { marks: MapMarks; members: number; scale: BarScale },
): readonly Drawn[] {
  const inner = boxWidth - 2;
  const title = groupTitle(group, marks, inner - 4);
  const side = theme.border('│');
  const line = (text: string) => side + fit(text, inner) + side;
  return [
    plain(
      `${theme.border('╭─')} ${title.text} ${theme.border(`${'─'.repeat(boxWidth - 5 - title.width)}╮`)}`,
    ),
    ...Array.from({ length: members }, (_, index) => {
      const node = group.nodes[index];
      if (node === undefined) return plain(line(''));
      return drawnNode(line(nodeCell(node, marks, { nameWidth, width: inner, words: true })), node);
    }),
    plain(line(group.data === undefined ? '' : ` ${dataBar(group.data, scale, inner - 2)}`)),
    plain(theme.border(`╰${'─'.repeat(boxWidth - 2)}╯`)),
  ];
}

/** `╭───────┴──────╮`: from the routers to the middle of each box. */
function fan({ titleWidth, boxWidth, shards }: BoxesLayout): string {
  // Under the glyph of the first node above.
  const stem = titleWidth + 2;
  const middles =
    shards.length === 1 && stem < boxWidth - 1
      ? [stem]
      : shards.map((_, index) => index * (boxWidth + 1) + Math.floor(boxWidth / 2));
  const first = Math.min(stem, ...middles);
  const last = Math.max(stem, ...middles);
  const glyph = (column: number): string => {
    const down = middles.includes(column);
    const up = column === stem;
    if (down && up) return first === last ? '│' : column === first ? '├' : column === last ? '┤' : '┼';
    if (up) return column === first ? '╰' : column === last ? '╯' : '┴';
    if (down) return column === first ? '╭' : column === last ? '╮' : '┬';
    return '─';
  };
  const line = Array.from({ length: last - first + 1 }, (_, index) => glyph(first + index)).join('');
  return theme.border(' '.repeat(first) + line);
}
