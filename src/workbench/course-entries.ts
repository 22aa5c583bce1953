import { type Catalog, loadLessonText } from '../course/catalog.js';
import { lessonState, type Progress } from '../course/progress.js';
import type { StageId } from '../course/types.js';
import { figuresOf } from '../grading/measure.js';
import type { Lesson } from '../lesson/lesson.js';
import type { StageEntry } from './course-session.js';

/** Titles of measurements, by lesson. */
type Titles = ReadonlyMap<string, ReadonlyMap<string, string>>;

interface Known {
  readonly progress: Progress;
  readonly introductions: ReadonlyMap<StageId, string>;
  readonly titles: Titles;
}

/** The course as it is listed: each lesson with how far it is and what was measured in it. */
export function courseEntries(
  catalog: Catalog<Lesson>,
  { progress, introductions, titles }: Known,
): readonly StageEntry[] {
  return catalog.stages.map((stage) => ({
    id: stage.id,
    title: stage.title,
    introduction: introductions.get(stage.id) ?? '',
    lessons: stage.lessons.map(({ id, title, plan }) => {
      const { measured = {}, answers = {}, helpedAt } = progress.lessons[id] ?? {};
      const figures = figuresOf(plan, { measured, answers, helpedAt, titles: titles.get(id) ?? new Map() });
      return {
        id,
        title,
        minutes: plan.minutes,
        state: lessonState(progress, id),
        measured: figures.filter(({ state }) => state === 'measured'),
      };
    }),
  }));
}

/** Only lessons that measure something are read. */
export async function measurementTitles(catalog: Catalog<Lesson>): Promise<Titles> {
  const measuring = catalog.lessons.filter(({ plan }) => plan.measurements.length > 0);
  return new Map(
    await Promise.all(
      measuring.map(
        async (lesson) => [lesson.id, (await loadLessonText(lesson, catalog.language)).measurements] as const,
      ),
    ),
  );
}
