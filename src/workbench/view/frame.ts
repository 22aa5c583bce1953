import stringWidth from 'string-width';
import { cut, fit } from '../text/columns.js';
import { theme } from '../theme.js';
import { innerSize, type PaneSize } from './layout.js';

export interface FrameOptions extends PaneSize {
  readonly title: string;
  readonly lines: readonly string[];
  /** The first line to be seen. */
  readonly top?: number;
  readonly focused?: boolean;
}

/** A bordered pane with its title above and its position below, as `height` lines of `width` cells. */
export function framed({
  title,
  lines,
  width,
  height,
  top = 0,
  focused = false,
}: FrameOptions): readonly string[] {
  const inner = innerSize({ width, height });
  const border = focused ? theme.focus : theme.border;
  const first = clampTop(top, lines.length, inner.height);
  const visible = lines.slice(first, first + inner.height);
  // The pane that keys go to is marked in its title too: colours may be off.
  const label = cut(focused ? ` ▸ ${title} ` : ` ${title} `, width - 4);
  const position =
    lines.length > inner.height ? ` ${first + 1}-${first + visible.length} of ${lines.length} ` : '';
  const body = Array.from({ length: inner.height }, (_, row) => fit(visible[row] ?? '', inner.width));
  return [
    border('╭─') +
      (focused ? theme.strong(label) : label) +
      border(`${'─'.repeat(width - 3 - stringWidth(label))}╮`),
    ...body.map((line) => `${border('│')} ${line} ${border('│')}`),
    border(`╰${'─'.repeat(width - 3 - position.length)}`) + theme.dim(position) + border('─╯'),
  ];
}

/** Keeps the last line at the bottom of the pane when there is nothing below it. */
export function clampTop(top: number, lines: number, height: number): number {
  return Math.max(0, Math.min(top, lines - height));
}
