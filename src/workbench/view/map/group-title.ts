import stringWidth from 'string-width';
import type { MapGroup } from '../../state/map-groups.js';
import { cut } from '../../text/columns.js';
import { theme } from '../../theme.js';
import type { MapMarks } from './cell.js';

/** `shard1`, `shard2 not added`, and how wide it is; a shard that has just been added or lost is marked. */
export function groupTitle(group: MapGroup, marks: MapMarks, width: number): { text: string; width: number } {
  const flashing = group.isShard && marks.flashing.has(group.title);
  const title = flashing ? `${theme.flash(group.title)}${theme.strong('*')}` : theme.strong(group.title);
  const text = cut(group.note === undefined ? title : `${title} ${theme.pending(group.note)}`, width);
  return { text, width: stringWidth(text) };
}
