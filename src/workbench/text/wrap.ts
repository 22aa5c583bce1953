import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** What stands before a line's own words and tells where its continuation begins: a bar, a list's bullet, an indent. */
const lead = /^(?<bar>\s*\d?│ \s*)|^\s*(?:[*•○✓✗·!›-]|\d+[.)])\s+|^\s+/u;
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
  const match = lead.exec(line.replace(styles, ''));
  const leadText = match?.[0] ?? '';
  const indent = stringWidth(leadText);
  // A lead wider than half the line would leave no room for words.
  if (indent > width / 2) return wrapAnsi(line, width, { hard: true }).split('\n');
  const continuation = match?.groups?.bar?.replace(/\d/, ' ') ?? ' '.repeat(indent);
  const { dropped, rest } = dropPlain(line, leadText.length);
  return wrapAnsi(rest, width - indent, { hard: true })
    .split('\n')
    .map((part, index) => (index === 0 ? dropped : continuation) + part);
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
