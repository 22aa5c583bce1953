import { Marked } from 'marked';
import { expect, test } from 'vitest';
import { loadCatalog, loadLessonText } from '../../../src/course/catalog.js';
import { canBeTyped, codeBlocks } from '../../../src/workbench/text/code-blocks.js';
import { renderMarkdown } from '../../../src/workbench/text/markdown.js';

const text = [
  'First:',
  '',
  '```js',
  'one()',
  'two()',
  '```',
  '',
  '```text',
  'a ──► b',
  '```',
  '',
  '1. In a list:',
  '',
  '   ```js',
  '   three({',
  '     a: 1,',
  '   })',
  '   ```',
].join('\n');

test('the blocks that can be typed, without the indent of their list', () => {
  expect(codeBlocks(text)).toEqual([
    { code: 'one()\ntwo()', shell: 'own' },
    { code: 'three({\n  a: 1,\n})', shell: 'own' },
  ]);
  expect(codeBlocks('no code')).toEqual([]);
});

test('a system shell takes what is in sh, and nobody what belongs into a file', () => {
  const block = (language: string) => codeBlocks(`\`\`\`${language}\nls\n\`\`\``);
  expect(block('sh')).toEqual([{ code: 'ls', shell: 'system' }]);
  expect(block('redis')).toEqual([{ code: 'ls', shell: 'own' }]);
  expect([...block('mjs'), ...block('yaml')]).toEqual([]);
});

test('they are numbered in the margin from the first number on, diagrams are not', () => {
  const lines = renderMarkdown(text, 60, 4).map((line) => line.trimEnd());
  expect(lines).toContain('4│ one()');
  expect(lines).toContain(' │ two()');
  expect(lines.some((line) => line.trim() === '5│ three({')).toBe(true);
  expect(lines.some((line) => line.includes('│ a ──► b'))).toBe(false);
  expect(renderMarkdown(text, 60)).toContain('│ one()');
});

test('more than nine have no number: it is one key', () => {
  expect(renderMarkdown(text, 60, 9).join('\n')).toContain('9│ one()');
  expect(renderMarkdown(text, 60, 10).join('\n')).toContain('│ one()');
  expect(renderMarkdown(text, 60, 10).join('\n')).not.toContain('10');
});

test('in every lesson they are those that the renderer numbers', async () => {
  const catalog = await loadCatalog();
  for (const lesson of catalog.stages.flatMap((stage) => stage.lessons)) {
    const { body, hints, debrief } = await loadLessonText(lesson, 'en');
    for (const part of [body, ...hints, debrief]) {
      const tokens: string[] = [];
      const marked = new Marked();
      marked.walkTokens(marked.lexer(part), (token) => {
        if (token.type === 'code' && canBeTyped(token.lang)) tokens.push(token.text);
      });
      expect(
        codeBlocks(part).map(({ code }) => code),
        lesson.id,
      ).toEqual(tokens);
    }
  }
});
