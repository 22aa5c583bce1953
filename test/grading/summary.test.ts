import { beforeAll, expect, test } from 'vitest';
import {
  type Catalog,
  findLesson,
  findStage,
  loadCatalog,
  loadLessonText,
} from '../../src/course/catalog.js';
import { noProgress, type Progress, withLesson, withoutEvidence } from '../../src/course/progress.js';
import { mistakesOf } from '../../src/grading/met-mistakes.js';
import { summaryOf, summaryParts } from '../../src/grading/summary.js';
import type { Lesson } from '../../src/lesson/lesson.js';

let catalog: Catalog<Lesson>;
beforeAll(async () => {
  catalog = await loadCatalog<Lesson>();
});

const id = 'single-node/single-point-of-failure';
const at = '2026-11-20T12:00:00.000Z';
const measuring = (progress: Progress) =>
  withLesson(
    progress,
    id,
    {
      passedAt: at,
      answers: { outage: '5', lost: '0' },
      measured: { outage: 11.24, lost: 3 },
      mistakes: { 'stopped-in-order': at },
    },
    new Date('2026-11-20T11:00:00.000Z'),
  );

const summary = (progress: Progress) => summaryOf(findStage(catalog, 'single-node'), progress, 'en');

test('before the first lesson a summary has the lessons and nothing else', async () => {
  const empty = await summary(noProgress);
  expect(empty).toMatchObject({ stage: 'single-node', complete: false, from: undefined, to: undefined });
  expect(summaryParts(empty).map(({ heading }) => heading)).toEqual([empty.title, 'Lessons']);
});

test('it has what was predicted and measured, the mistakes that were met, and when', async () => {
  const begun = await summary(measuring(noProgress));
  expect(begun).toMatchObject({ complete: false, from: '2026-11-20T11:00:00.000Z' });
  const text = summaryParts(begun)
    .flatMap(({ lines }) => lines)
    .join('\n');
  expect(text).toContain(`1 of ${begun.lessons.length} lessons passed, begun on 20 November 2026.`);
  expect(text).toContain('≈ Time without an order: you predicted 5 s, measured 11.2 s');
  expect(text).toContain('✗ The server was stopped, not killed (The only server dies)');
});

test('it does not credit the learner with what the course did', async () => {
  const helped = withLesson(measuring(noProgress), id, { passedBy: 'course', helpedAt: at });
  const begun = await summary(helped);
  const text = summaryParts(begun)
    .flatMap(({ lines }) => lines)
    .join('\n');
  expect(text).toContain('begun on 20 November 2026. 1 lesson was solved by the course.');
  expect(text).toMatch(/The only server dies \(\d+ min\): solved by the course on 20 November 2026/);
  expect(text).toContain('≈ Time without an order: the course predicted 5 s, measured 11.2 s');
  expect(begun.lessons.find((lesson) => lesson.id === id)?.passedBy).toBe('course');
});

test('a lesson that is begun anew keeps what was measured in its last go', async () => {
  const anew = withoutEvidence(measuring(noProgress), [id]);
  expect(anew.lessons[id]?.measured).toEqual({});
  const lesson = (await summary(anew)).lessons.find((one) => one.id === id);
  expect(lesson?.measured.map(({ value }) => value)).toEqual([11.24, 3]);
  expect(lesson?.mistakes).toHaveLength(1);
  // Twice anew with nothing measured between is no reason to forget.
  const twice = withoutEvidence(anew, [id]);
  expect(twice.lessons[id]?.lastGo?.measured).toEqual({ outage: 11.24, lost: 3 });
});

test('a stage whose lessons are all passed is complete, and says since when', async () => {
  const { lessons } = findStage(catalog, 'single-node');
  const all = lessons.reduce(
    (progress, lesson) => withLesson(progress, lesson.id, { passedAt: at }),
    noProgress,
  );
  const done = await summary(all);
  expect(done).toMatchObject({ complete: true, to: at });
  expect(summaryParts(done)[0]?.lines[0]).toContain('finished on 20 November 2026');
});

test('mistakes that were not met are counted, and named only once the lesson is passed', async () => {
  const lesson = findLesson(catalog, id);
  const text = await loadLessonText(lesson, 'en');
  const met = withLesson(noProgress, id, { mistakes: { 'stopped-in-order': at } });
  const started = mistakesOf(lesson, text, met);
  expect(started.mistakes.map((mistake) => [mistake.id, mistake.met?.at])).toEqual([
    ['stopped-in-order', at],
  ]);
  expect(started.mistakes[0]?.met?.explanation).toContain('SIGTERM');
  expect(started.hidden).toBe(lesson.plan.mistakes.length - 1);
  const passed = mistakesOf(lesson, text, withLesson(met, id, { passedAt: at }));
  expect(passed.hidden).toBe(0);
  expect(passed.mistakes.filter((mistake) => mistake.met === undefined)).toHaveLength(started.hidden);
});
