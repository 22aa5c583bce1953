import type { CheckVerdict, LessonVerdict } from '../grading/verdict.js';
import type { Check } from '../lesson/lesson.js';

/** The first check that does not look as it does at the start of its lesson; undefined where all do. */
export function firstBegun(
  { checks: plans }: { readonly checks: readonly Partial<Pick<Check, 'holdsAtStart'>>[] },
  { checks }: Pick<LessonVerdict, 'checks'>,
): CheckVerdict | undefined {
  return checks.find(
    ({ state }, index) => state === 'wrong' || (state === 'pass' && !plans[index]?.holdsAtStart),
  );
}
