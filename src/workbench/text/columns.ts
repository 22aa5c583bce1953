import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';

/** The text in at most `width` cells, an ellipsis for what does not fit. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  if (width < 1) return '';
  return `${sliceAnsi(text, 0, width - 1)}…`;
}

/** The text in exactly `width` cells. */
export function fit(text: string, width: number): string {
  const short = cut(text, width);
  return short + ' '.repeat(Math.max(0, width - stringWidth(short)));
}

/** `left`, and `right` at the far end of the line; `left` gives way. */
export function spread(left: string, right: string, width: number): string {
  const room = width - stringWidth(right) - 1;
  return room < 1 ? cut(left, width) : `${fit(left, room)} ${right}`;
}
