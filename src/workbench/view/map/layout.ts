import stringWidth from 'string-width';
import type { Snapshot } from '../../../lab/observe/snapshot.js';
import { groupsOf, type MapGroup } from '../../state/map-groups.js';
import { nodeState } from './node-state.js';

/** How the nodes of a lab are placed in a pane; all widths in cells. */
export type MapLayout = {
  readonly above: readonly MapGroup[];
  readonly shards: readonly MapGroup[];
  /** Of all group titles. */
  readonly titleWidth: number;
  /** Of all services' names. */
  readonly nameWidth: number;
} & (
  | {
      /** Shards side by side as boxes, what asks them above: the picture of a cluster. */
      readonly kind: 'boxes';
      /** Outer width of a box. */
      readonly boxWidth: number;
      readonly perRow: number;
      /** Whether there is room for the line from the routers to the boxes. */
      readonly fan: boolean;
    }
  /** A line a node. */
  | { readonly kind: 'rows' }
  /** A line a group, its nodes told by glyph and name; the chosen one's words are below. */
  | { readonly kind: 'dense'; readonly perRow: number }
);

/** Blank, cursor, glyph, blank before a node's name; the mark of a change after it. */
export const cellMargin = 4;
const widestBox = 44;

/**
 * Chooses the richest drawing that fits `width` x `height`: boxes, a line a node, a line a group. The last may be
 * higher than the pane, which then scrolls.
 */
export function layoutMap(snapshot: Snapshot, width: number, height: number): MapLayout {
  const groups = groupsOf(snapshot);
  const nodes = groups.flatMap((group) => group.nodes);
  const longest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => stringWidth(text)));
  const parts = {
    above: groups.filter((group) => !group.isShard),
    shards: groups.filter((group) => group.isShard),
    titleWidth: longest(groups.map(({ title }) => title)),
    nameWidth: longest(nodes.map(({ service }) => service)),
  };
  return (
    boxes(parts, width, height) ??
    (nodes.length <= height
      ? { ...parts, kind: 'rows' }
      : {
          ...parts,
          kind: 'dense',
          perRow: Math.max(1, Math.floor((width - parts.titleWidth - 1) / (parts.nameWidth + cellMargin))),
        })
  );
}

function boxes(
  parts: Pick<MapLayout, 'above' | 'shards' | 'titleWidth' | 'nameWidth'>,
  width: number,
  height: number,
): MapLayout | undefined {
  const { above, shards, titleWidth, nameWidth } = parts;
  if (shards.length === 0) return undefined;
  // Room for what a member may become, so that boxes do not jump when it does.
  const needed = 2 + cellMargin + nameWidth + '12 s behind'.length;
  const perRow = Math.min(shards.length, Math.floor((width + 1) / (needed + 1)));
  if (perRow < 1) return undefined;
  const members = Math.max(...shards.map(({ nodes }) => nodes.length));
  // Borders, members, the bar.
  const boxesHeight = Math.ceil(shards.length / perRow) * (members + 3);
  const roomAbove = width - titleWidth - 1;
  const linesAbove = above.map(({ nodes }) =>
    Math.ceil(nodes.length / Math.max(1, Math.floor(roomAbove / cellWidthAbove(parts)))),
  );
  const used = boxesHeight + linesAbove.reduce((sum, lines) => sum + lines, 0);
  // The line that is left is for the chosen node's words.
  if (used > height) return undefined;
  const boxWidth = Math.min(widestBox, Math.floor((width - (perRow - 1)) / perRow));
  return { ...parts, kind: 'boxes', boxWidth, perRow, fan: used < height && perRow === shards.length };
}

/** Width of a node with its words in the lines above the boxes. */
export function cellWidthAbove({ above, nameWidth }: Pick<MapLayout, 'above' | 'nameWidth'>): number {
  const words = above.flatMap(({ nodes }) => nodes.map((node) => nodeState(node).words.length));
  // With room for a check's mark, and a blank.
  return cellMargin + nameWidth + Math.max(0, ...words) + 3;
}
