import stringWidth from 'string-width';
import type { MapGroup } from '../../state/map-groups.js';
import { cut, fit, spread } from '../../text/columns.js';
import { theme } from '../../theme.js';
import { type MapMarks, nodeCell } from './cell.js';
import { type BarScale, barScale, dataBar } from './data-bar.js';
import { type Drawn, drawnNode } from './drawn.js';
import type { MapLayout } from './layout.js';

/** A line a node: its group, how it is, and on a group's first line the data, elsewhere the address. */
export function drawRows(layout: MapLayout, marks: MapMarks, width: number): readonly Drawn[] {
  const scale = barScale([...layout.above, ...layout.shards]);
  return [...layout.above, ...layout.shards].flatMap((group) =>
    rowsOf(group, layout, { marks, width, scale }),
  );
}

function rowsOf(
  group: MapGroup,
  { titleWidth, nameWidth }: MapLayout,
  { marks, width, scale }: { marks: MapMarks; width: number; scale: BarScale },
): readonly Drawn[] {
  return group.nodes.map((node, index) => {
    const title = fit(index === 0 ? group.title : '', titleWidth);
    const flashing = index === 0 && marks.flashing.has(group.title);
    const room = width - titleWidth - 1;
    const cell = nodeCell(node, marks, { nameWidth, width: room, words: true });
    const note = index === 0 && group.note !== undefined ? `  ${theme.pending(group.note)}` : '';
    const left = `${flashing ? theme.flash(title) : theme.dim(title)} ${cell}${note}`;
    const rest = width - stringWidth(left) - 2;
    const figure = index === 0 && group.data !== undefined ? dataBar(group.data, scale, rest) : '';
    const right = figure || (node.status.address.length <= rest ? theme.dim(node.status.address) : '');
    return drawnNode(right === '' ? cut(left, width) : spread(left, right, width), node);
  });
}
