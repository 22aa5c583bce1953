import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked, type Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { loadCatalog, loadLessonText, loadStageText } from '../../src/course/catalog.js';
import type { Lesson } from '../../src/grading/lesson.js';

const catalog = await loadCatalog<Lesson>();

/** All that a learner is told to type, as the text has it: code blocks, also those inside lists. */
function codeBlocks(markdown: string): string[] {
  const blocks: string[] = [];
  marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type === 'code' && (token as Tokens.Code).lang === 'js') blocks.push(token.text);
  });
  return blocks;
}

const withoutSpaces = (text: string): string => text.replaceAll(/\s/g, '');

for (const lesson of catalog.lessons) {
  const source = readFileSync(join(lesson.folder, 'en.md'), 'utf8');
  const blocks = codeBlocks(source);

  describe(`the text of ${lesson.id}`, () => {
    it('has every part, and words for every mistake and question', async () => {
      const text = await loadLessonText(lesson, 'en');
      expect([...text.mistakes.keys()]).toEqual(lesson.plan.mistakes.map(({ id }) => id));
      expect([...text.questions.keys()]).toEqual(lesson.plan.questions.map(({ id }) => id));
    });

    it('shows what the solution types', () => {
      const shown = withoutSpaces(blocks.join('\n'));
      const typed = lesson.plan.solution.flatMap((step) =>
        step.kind === 'shell' ? step.lines.split('\n') : [],
      );
      expect(typed.filter((line) => !shown.includes(withoutSpaces(line)))).toEqual([]);
    });

    it('fits into 80 columns where it cannot be wrapped', () => {
      const longLines = blocks.flatMap((block) => block.split('\n')).filter((line) => line.length > 78);
      expect(longLines).toEqual([]);
    });

    // A shell takes a line that could end a statement as its end, so a pasted chain would break in two.
    it('can be pasted into a shell line by line', () => {
      expect(blocks.flatMap((block) => block.split('\n')).filter((line) => /^\s*\./.test(line))).toEqual([]);
    });

    it('explains each mistake with a way out', async () => {
      const { mistakes } = await loadLessonText(lesson, 'en');
      const withoutCommand = [...mistakes].filter(([, { text }]) => !/```js|\*\*\w+\*\*|answer/i.test(text));
      expect(withoutCommand).toEqual([]);
    });
  });
}

for (const stage of catalog.stages) {
  it(`the stage ${stage.id} is introduced`, async () => {
    expect(await loadStageText(stage, 'en')).not.toBe('');
  });
}
