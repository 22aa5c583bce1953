import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { renderMarkdown } from '../../../src/workbench/text/markdown.js';
import { addShards } from '../support/fake-session.mjs';

// Pins marked and marked-terminal: what either changes in a release is seen here.
test('a lesson as text', () => {
  expect(renderMarkdown(addShards.text.body, 60).join('\n')).toMatchSnapshot();
});

test('marks inside list items are rendered', () => {
  expect(renderMarkdown('- add **both** shards with `sh.addShard()`', 60)).toEqual([
    '  * add both shards with sh.addShard()',
  ]);
});

test('line breaks inside a paragraph are only the width of the source', () => {
  expect(renderMarkdown('one\ntwo\n\nthree', 60)).toEqual(['one two', '', 'three']);
});

test('colons, quotes, angle brackets and emoji names stay as they are written', () => {
  const text = 'a:smile: `{ _id: "x" }` <b> & "q" a < b';
  expect(renderMarkdown(text, 60).join('')).toBe('a:smile: { _id: "x" } <b> & "q" a < b');
});

test('a diagram is cut, never broken; code goes on in the next line', () => {
  expect(renderMarkdown('```text\na ──▶ b ──▶ c\n```', 8)).toEqual(['a ──▶ b…']);
  expect(renderMarkdown('```js\nsh.addShard("a")\n```', 15)).toEqual(['│ sh.addShard("', '│ a")']);
});

test('an address is shown beside its label', () => {
  expect(renderMarkdown('[manual](https://example.com/a)', 60)).toEqual(['manual (https://example.com/a)']);
});

test('escape sequences in a text do not reach the terminal', () => {
  expect(renderMarkdown('a\u001B[2Jb `c\u001B[31m`', 60).join('')).not.toContain('\u001B');
});

test('every line fits its width', () => {
  for (const width of [30, 56, 76, 100]) {
    for (const line of renderMarkdown(addShards.text.body, width)) {
      expect(stringWidth(line), line).toBeLessThanOrEqual(width);
    }
  }
});
