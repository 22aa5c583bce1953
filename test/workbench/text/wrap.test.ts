import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { wrapText } from '../../../src/workbench/text/wrap.js';

test('a continuation begins under the first word of a list item', () => {
  expect(wrapText('  * one two three four', 12)).toEqual(['  * one two', '    three', '    four']);
  expect(wrapText('  12. one two three', 12)).toEqual(['  12. one', '      two', '      three']);
});

test('a continuation of code repeats its bar', () => {
  expect(wrapText('│ sh.addShard("shard1")', 14)).toEqual(['│ sh.addShard(', '│ "shard1")']);
});

test('a continuation of plain text begins at the margin', () => {
  expect(wrapText('one two three', 8)).toEqual(['one two', 'three']);
});

test('every line fits, with wide characters, long words and any width', () => {
  const text = `  - 漢字漢字漢字 ${'x'.repeat(50)} 🙂🙂🙂 end\n      deep ${'y'.repeat(30)}`;
  for (let width = 4; width < 60; width++) {
    for (const line of wrapText(text, width))
      expect(stringWidth(line), `${width}: ${line}`).toBeLessThanOrEqual(width);
  }
});

test('styles are closed at the end of each line and opened again on the next', () => {
  const lines = wrapText('  * \u001B[1mone two three\u001B[22m', 11);
  expect(lines).toEqual(['  * \u001B[1mone two\u001B[22m', '    \u001B[1mthree\u001B[22m']);
});
