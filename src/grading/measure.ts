import type { LabView } from '../lesson/lab-view.js';
import type { Lesson, Measurement } from '../lesson/lesson.js';
import { dropped } from '../machine/debug-log.js';
import { withDeadline } from './deadline.js';
import type { Figure } from './verdict.js';

/** Measured values by the measurement's id. */
export type Measured = Readonly<Record<string, number>>;

/** What has no value yet and can be measured now. A measurement that fails has none yet. */
export async function measureNew(lesson: Lesson, lab: LabView, known: Measured): Promise<Measured> {
  const open = lesson.measurements.filter(({ id }) => known[id] === undefined);
  const found = await Promise.all(
    open.map(async (one) => [one.id, await withDeadline(one.measure(lab)).catch(dropped)] as const),
  );
  return Object.fromEntries(found.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

interface Kept {
  readonly measured: Measured;
  readonly answers: Readonly<Record<string, string>>;
  readonly titles: ReadonlyMap<string, string>;
  /** Set where the answers are the course's. */
  readonly helpedAt?: string | undefined;
}

/** The lesson's measurements as they are told: a value only to whom has predicted it, where that is asked. */
export function figuresOf(lesson: Lesson, { measured, answers, titles, helpedAt }: Kept): readonly Figure[] {
  return lesson.measurements.map(({ id, unit }: Measurement): Figure => {
    const figure = { id, title: titles.get(id) ?? id, unit };
    const question = lesson.questions.find((asked) => asked.id === id);
    const answer = answers[id];
    if (question && answer === undefined) return { ...figure, state: 'unpredicted' };
    const predicted = question?.kind === 'number' ? Number(answer) : answer;
    const value = measured[id];
    return {
      ...figure,
      state: value === undefined ? 'unmeasured' : 'measured',
      ...(question ? { predicted } : {}),
      ...(question && helpedAt !== undefined ? { predictedBy: 'course' } : {}),
      ...(value === undefined ? {} : { value }),
    };
  });
}
