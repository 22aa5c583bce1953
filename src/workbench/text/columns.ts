import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';

/** The text in at most `width` cells, an ellipsis for what does not fit. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  if (width < 1) return '';
  const start = sliceAnsi(text, 0, width - 1);
  // A character of two cells that would begin on the last one does not fit either.
  return `${stringWidth(start) < width ? start : sliceAnsi(text, 0, width - 2)}…`;
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
