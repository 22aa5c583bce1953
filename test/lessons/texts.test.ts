import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked, type Tokens } from 'marked';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { loadCatalog, loadLessonText, loadStageText } from '../../src/course/catalog.js';
import type { CourseLesson } from '../../src/course/types.js';
import type { Lesson } from '../../src/grading/lesson.js';
import { packageRoot } from '../../src/package.js';
import { innerSize, layoutFor, type PaneSize } from '../../src/workbench/view/layout.js';

const catalog = await loadCatalog<Lesson>();

/** What a learner types into a shell; what he writes into a file of the workspace. */
const typedLanguages = ['js', 'redis', 'sh'];
const fileLanguages = ['mjs', 'yaml'];

/** Code blocks in some languages, also those inside lists. */
function codeBlocks(markdown: string, ...languages: readonly string[]): string[] {
  const blocks: string[] = [];
  marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type === 'code' && languages.includes((token as Tokens.Code).lang ?? ''))
      blocks.push(token.text);
  });
  return blocks;
}

/** The panes of the narrowest screen that has several. */
const narrow = layoutFor({ columns: 100, rows: 30 });
if (narrow.kind === 'too-small') throw new Error('the lesson needs a pane');

/** Lines of diagrams that a pane would have to cut. */
function tooWide(markdown: string, pane: PaneSize): string[] {
  return codeBlocks(markdown, 'text')
    .flatMap((block) => block.split('\n'))
    .filter((line) => stringWidth(line) > innerSize(pane).width);
}

/** What is in a file of the workspace when a lesson begins. */
function textBefore(lesson: CourseLesson<Lesson>, file: string): string {
  const earlier = catalog.lessons.slice(0, catalog.lessons.indexOf(lesson));
  const writes = earlier.flatMap(({ plan }) =>
    plan.solution.flatMap((step) => (step.kind === 'write' && step.file === file ? [step.content] : [])),
  );
  return writes.at(-1) ?? readFileSync(join(packageRoot, 'assets', 'workspace', file), 'utf8');
}

const withoutSpaces = (text: string): string => text.replaceAll(/\s/g, '');

for (const lesson of catalog.lessons) {
  const source = readFileSync(join(lesson.folder, 'en.md'), 'utf8');
  const blocks = codeBlocks(source, ...typedLanguages);

  describe(`the text of ${lesson.id}`, () => {
    it('has every part, and words for every mistake and question', async () => {
      const text = await loadLessonText(lesson, 'en');
      expect([...text.mistakes.keys()]).toEqual(lesson.plan.mistakes.map(({ id }) => id));
      expect([...text.questions.keys()]).toEqual(lesson.plan.questions.map(({ id }) => id));
      expect([...text.measurements.keys()]).toEqual(lesson.plan.measurements.map(({ id }) => id));
    });

    it('asks for predictions in the unit they are measured in', () => {
      const { questions, measurements } = lesson.plan;
      const differing = questions.filter((question) => {
        const measured = measurements.find(({ id }) => id === question.id);
        return measured && question.kind === 'number' && question.unit !== measured.unit;
      });
      expect(differing).toEqual([]);
    });

    it('shows what the solution types', () => {
      const shown = withoutSpaces(blocks.join('\n'));
      const typed = lesson.plan.solution.flatMap((step) =>
        step.kind === 'shell' ? step.lines.split('\n') : [],
      );
      expect(typed.filter((line) => !shown.includes(withoutSpaces(line)))).toEqual([]);
    });

    it('shows what the solution writes, as far as it is new', () => {
      const shown = withoutSpaces(codeBlocks(source, ...fileLanguages).join('\n'));
      const missing = lesson.plan.solution.flatMap((step) => {
        if (step.kind !== 'write') return [];
        const before = new Set(textBefore(lesson, step.file).split('\n'));
        return step.content.split('\n').filter((line) => !before.has(line));
      });
      expect(missing.filter((line) => !shown.includes(withoutSpaces(line)))).toEqual([]);
    });

    it('names the commands that the solution gives', () => {
      const commands = lesson.plan.solution.flatMap((step) => {
        if (step.kind === 'traffic') return [`traffic ${step.action}`];
        if (step.kind !== 'fault') return [];
        return [`fault ${step.fault}${typeof step.service === 'string' ? ` ${step.service}` : ''}`];
      });
      expect(commands.filter((command) => !source.includes(command))).toEqual([]);
    });

    it('fits into 80 columns where it cannot be wrapped', () => {
      const longLines = [...blocks, ...codeBlocks(source, ...fileLanguages)]
        .flatMap((block) => block.split('\n'))
        .filter((line) => line.length > 78);
      expect(longLines).toEqual([]);
    });

    it('has diagrams that fit into the narrowest pane', () => {
      expect(tooWide(source, narrow.panes.lesson)).toEqual([]);
    });

    // A shell takes a line that could end a statement as its end, so a pasted chain would break in two.
    it('can be pasted into a shell line by line', () => {
      expect(blocks.flatMap((block) => block.split('\n')).filter((line) => /^\s*\./.test(line))).toEqual([]);
    });

    it('explains each mistake with a way out', async () => {
      const { mistakes } = await loadLessonText(lesson, 'en');
      const withoutCommand = [...mistakes].filter(
        ([, { text }]) => !/```(js|redis|sh|mjs|yaml)|\*\*\w+\*\*|answer/i.test(text),
      );
      expect(withoutCommand).toEqual([]);
    });
  });
}

for (const stage of catalog.stages) {
  it(`the stage ${stage.id} is introduced, in what fits into its narrowest pane`, async () => {
    const text = await loadStageText(stage, 'en');
    expect(text).not.toBe('');
    expect(tooWide(text, narrow.course.stage)).toEqual([]);
  });
}
