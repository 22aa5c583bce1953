import { loadLessonText } from '../course/catalog.js';
import { attemptToKeep, type LessonState, lessonState, type Progress } from '../course/progress.js';
import type { CourseLesson, CourseStage, Language, LessonId, StageId } from '../course/types.js';
import { figureText } from '../grading/figure.js';
import type { Lesson } from '../lesson/lesson.js';
import { figuresOf } from './measure.js';
import type { Figure } from './verdict.js';

export interface SummaryLesson {
  readonly id: LessonId;
  readonly title: string;
  readonly minutes: number;
  readonly state: LessonState;
  /** ISO time; missing where it is not passed. */
  readonly passedAt?: string | undefined;
  /** `course`: its solution was typed for the learner, by `solve`, `demo`, or `goto` on the way to another lesson. */
  readonly passedBy?: 'learner' | 'course' | undefined;
  /** In the order of the lesson's plan; those of an earlier go where nothing was measured since. */
  readonly measured: readonly Figure[];
  /** Recognised mistakes that were met, in the order of the plan; `met` is the ISO time of the first time. */
  readonly mistakes: readonly { readonly id: string; readonly title: string; readonly met: string }[];
}

/** What a learner has of a stage: the document of `summary --json`. */
export interface StageSummary {
  readonly stage: StageId;
  readonly title: string;
  /** Every lesson is passed, or skipped because this machine cannot do it. */
  readonly complete: boolean;
  /** ISO times: when the first lesson was begun, when the last was passed. Missing before that. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly lessons: readonly SummaryLesson[];
}

/** Reads what is kept of a stage. Throws `lesson-text-invalid`. */
export async function summaryOf(
  { id: stage, title, lessons: taught }: CourseStage<Lesson>,
  progress: Progress,
  language: Language,
): Promise<StageSummary> {
  const lessons = await Promise.all(taught.map((lesson) => summaryOfLesson(lesson, progress, language)));
  const complete = lessons.every(({ state }) => state === 'passed' || state === 'skipped');
  const begun = taught.flatMap(({ id }) => progress.lessons[id]?.startedAt ?? []).sort();
  const passed = lessons.flatMap(({ passedAt }) => passedAt ?? []).sort();
  return { stage, title, complete, from: begun[0], to: complete ? passed.at(-1) : undefined, lessons };
}

async function summaryOfLesson(
  lesson: CourseLesson<Lesson>,
  progress: Progress,
  language: Language,
): Promise<SummaryLesson> {
  const { id, title, plan } = lesson;
  const state = lessonState(progress, id);
  const kept = progress.lessons[id];
  const { mistakes: met = {}, passedAt, passedBy = 'learner' } = kept ?? {};
  const { answers, measured = {}, helpedAt } = (kept && attemptToKeep(kept)) ?? { answers: {} };
  const listed = { id, title, minutes: plan.minutes, state, ...(passedAt ? { passedAt, passedBy } : {}) };
  if (Object.keys({ ...met, ...measured }).length === 0) return { ...listed, measured: [], mistakes: [] };
  const text = await loadLessonText(lesson, language);
  return {
    ...listed,
    measured: figuresOf(plan, { measured, answers, helpedAt, titles: text.measurements }).filter(
      (figure) => figure.state === 'measured',
    ),
    mistakes: plan.mistakes.flatMap(({ id: mistake }) => {
      const time = met[mistake];
      if (time === undefined) return [];
      return [{ id: mistake, title: text.mistakes.get(mistake)?.title ?? mistake, met: time }];
    }),
  };
}

/** A summary as it is read, a part under each heading. */
export interface SummaryPart {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** The same as lines of text, unwrapped; parts of which there is nothing are left out. */
export function summaryParts({ title, complete, from, to, lessons }: StageSummary): readonly SummaryPart[] {
  const passed = lessons.filter(({ state }) => state === 'passed').length;
  const byCourse = lessons.filter(({ passedBy }) => passedBy === 'course').length;
  const credit =
    byCourse === 0
      ? ''
      : ` ${byCourse === 1 ? '1 lesson was' : `${byCourse} lessons were`} solved by the course.`;
  const times = from === undefined ? '' : `, begun on ${dayText(from)}`;
  const standing =
    complete && to !== undefined
      ? `Done${times}, and finished on ${dayText(to)}.${credit}`
      : `${passed} of ${lessons.length} lessons passed${times}.${credit}`;
  const parts: SummaryPart[] = [
    { heading: title, lines: [standing] },
    {
      heading: 'Lessons',
      lines: lessons.map(
        (lesson) => `${marks[lesson.state]} ${lesson.title} (${lesson.minutes} min)${whenText(lesson)}`,
      ),
    },
    {
      heading: 'Predicted and measured',
      lines: lessons.flatMap(({ measured }) =>
        measured.map((figure) => `≈ ${figure.title}: ${figureText(figure)}`),
      ),
    },
    {
      heading: 'Mistakes you met, and know now',
      lines: lessons.flatMap(({ title: lesson, mistakes }) =>
        mistakes.map((mistake) => `✗ ${mistake.title} (${lesson})`),
      ),
    },
  ];
  return parts.filter(({ lines }) => lines.length > 0);
}

const marks: Readonly<Record<LessonState, string>> = { passed: '✓', started: '○', skipped: '–', new: '·' };

function whenText({ state, passedAt, passedBy }: SummaryLesson): string {
  if (passedAt !== undefined) {
    return passedBy === 'course'
      ? `: solved by the course on ${dayText(passedAt)}`
      : `: passed on ${dayText(passedAt)}`;
  }
  return state === 'skipped' ? ': not on this machine' : '';
}

/** The day of an ISO time where the learner is: `21 November 2026`; in words for a time that somebody else has written. */
export function dayText(time: string): string {
  if (Number.isNaN(Date.parse(time))) return 'an unknown day';
  return new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
}
