import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { loadCatalog, loadLessonText, loadStageText } from '../../src/course/catalog.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { blocksOf } from '../../src/lint/source.js';
import { innerSize, layoutFor, type PaneSize } from '../../src/workbench/view/layout.js';

const catalog = await loadCatalog<Lesson>();

/** The panes of the narrowest screen that has several. */
const narrow = layoutFor({ columns: 100, rows: 30 });
if (narrow.kind === 'too-small') throw new Error('the lesson needs a pane');

/** Lines of diagrams that a pane would have to cut. */
function tooWide(markdown: string, pane: PaneSize): string[] {
  return blocksOf(markdown, ['text'])
    .flatMap((block) => block.split('\n'))
    .filter((line) => stringWidth(line) > innerSize(pane).width);
}

for (const lesson of catalog.lessons) {
  const source = readFileSync(join(lesson.folder, 'en.md'), 'utf8');
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

    it('has diagrams that fit into the narrowest pane', () => {
      expect(tooWide(source, narrow.panes.lesson)).toEqual([]);
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
