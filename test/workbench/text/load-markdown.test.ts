import { expect, test } from 'vitest';
import { plainMarkdown } from '../../../src/workbench/text/load-markdown.js';

test('before the renderer is there a paragraph is as wide as the pane, not as the author’s lines', () => {
  const text = 'One line of a\nparagraph.\n\n- an item\n- another,\n\n```text\na\nb\n```';
  expect(plainMarkdown(text, 40)).toEqual([
    'One line of a paragraph.',
    '',
    '- an item',
    '- another,',
    '',
    '```text',
    'a',
    'b',
    '```',
  ]);
});
