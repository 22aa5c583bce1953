import { fit } from '../../text/columns.js';
import { theme } from '../../theme.js';
import { type MapMarks, nodeCell } from './cell.js';
import type { Drawn } from './drawn.js';
import { cellMargin, type MapLayout } from './layout.js';

/** A line a group, or more where it is larger than a line: each node its glyph and its name. */
export function drawDense(layout: Extract<MapLayout, { kind: 'dense' }>, marks: MapMarks): readonly Drawn[] {
  const { titleWidth, nameWidth, perRow } = layout;
  const width = nameWidth + cellMargin;
  return [...layout.above, ...layout.shards].flatMap(({ title, nodes }) => {
    const lines: Drawn[] = [];
    for (let first = 0; first < nodes.length; first += perRow) {
      const row = nodes.slice(first, first + perRow);
      const cells = row.map((node) => fit(nodeCell(node, marks, { nameWidth, width, words: false }), width));
      const label = fit(first === 0 ? title : '', titleWidth);
      lines.push({
        text: `${marks.flashing.has(title) ? theme.flash(label) : theme.dim(label)} ${cells.join('').trimEnd()}`,
        nodes: row.map(({ service }) => service),
      });
    }
    return lines;
  });
}
