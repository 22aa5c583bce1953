import stringWidth from 'string-width';
import type { NodeView } from '../../../lab/observe/snapshot.js';
import { cut, fit } from '../../text/columns.js';
import { theme } from '../../theme.js';
import { nodeState } from './node-state.js';

/** What the workbench adds to a node that is drawn. */
export interface MapMarks {
  /** The service the cursor is on. */
  readonly chosen: string | undefined;
  /** The service that the first open check is about. */
  readonly wanted: string | undefined;
  /** Services and shards that have just changed. */
  readonly flashing: ReadonlySet<string>;
}

/**
 * `›◆ shard1a primary ◂ check`: cursor, glyph, name, words. A change is shown inverse and by a `*`, the check's node
 * by `◂`, with the word where there is room.
 */
export function nodeCell(
  node: NodeView,
  marks: MapMarks,
  { nameWidth, width, words }: { nameWidth: number; width: number; words: boolean },
): string {
  const { service } = node;
  const state = nodeState(node);
  const wanted = service === marks.wanted;
  const flashing = marks.flashing.has(service);
  const draw = (mark: string, text: string): string => {
    const cursor = service === marks.chosen ? theme.focus('›') : ' ';
    const name = fit(service, nameWidth);
    const styledName = service === marks.chosen ? theme.strong(name) : wanted ? theme.pending(name) : name;
    const body = `${state.style(state.glyph)} ${styledName}`;
    return `${cursor}${flashing ? theme.flash(body) : body}${mark}${text}`;
  };
  const say = (text: string): string => (flashing ? theme.flash(text) : state.style(text));
  const change = flashing ? theme.strong('*') : ' ';
  const check = (mark: string): string => (wanted ? theme.pending(mark) : '');
  const ways = words
    ? [
        draw(change, say(state.words) + check(' ◂ check')),
        draw(change, say(state.words) + check(' ◂')),
        draw(change, say(state.short ?? state.words) + check(' ◂')),
      ]
    : [draw(wanted && !flashing ? theme.pending('◂') : change, '')];
  return ways.find((way) => stringWidth(way) <= width) ?? cut(ways.at(-1) ?? '', width);
}
