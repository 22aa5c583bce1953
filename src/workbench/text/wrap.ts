import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** What stands before a line's own words and tells where its continuation begins: indent, a list's bullet, a bar. */
const lead = /^(?<bar>\s*│ )|^\s*(?:[*•-]|\d+[.)])\s+|^\s+/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const styles = /\u001B\[[0-9;]*m/g;

/**
 * Breaks lines at `width` cells; continuations are indented under the first word, and repeat a bar. Words longer
 * than a line are cut. Styles are closed at each line's end and opened again.
 */
export function wrapText(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): readonly string[] {
  if (stringWidth(line) <= width) return [line];
  const plain = line.replace(styles, '');
  const match = lead.exec(plain);
  const leadText = match?.[0] ?? '';
  const indent = stringWidth(leadText);
  // A lead wider than half the line would leave no room for words.
  if (indent === 0 || indent > width / 2)
    return wrapAnsi(line, width, { trim: false, hard: true }).split('\n').map(trimStart);
  const continuation = match?.groups?.bar ?? ' '.repeat(indent);
  const body = dropPlain(line, leadText.length);
  return wrapAnsi(body.rest, width - indent, { trim: false, hard: true })
    .split('\n')
    .map((part, index) => (index === 0 ? body.dropped + part : continuation + trimStart(part)));
}

/** wrap-ansi leaves the blank it broke at: at the start of the next line, after its styles. */
function trimStart(line: string, index = 1): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
  return index === 0 ? line : line.replace(/^((?:\u001B\[[0-9;]*m)*) +/, '$1');
}

/** Splits a styled line after `count` characters that are not part of a style. */
function dropPlain(line: string, count: number): { dropped: string; rest: string } {
  let seen = 0;
  let at = 0;
  while (at < line.length && seen < count) {
    styles.lastIndex = at;
    const style = styles.exec(line);
    if (style?.index === at) at += style[0].length;
    else {
      at += 1;
      seen += 1;
    }
  }
  return { dropped: line.slice(0, at), rest: line.slice(at) };
}
