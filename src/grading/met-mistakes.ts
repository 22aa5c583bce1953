import { lessonState, type Progress } from '../course/progress.js';
import type { CourseLesson, LessonId, LessonText } from '../course/types.js';
import type { Lesson } from '../lesson/lesson.js';

/** A recognised mistake as the learner may know of it. */
export interface KnownMistake {
  readonly id: string;
  readonly title: string;
  /** ISO time at which he first met it, and its explanation in markdown; missing where he never did. */
  readonly met?: { readonly at: string; readonly explanation: string } | undefined;
}

export interface MistakesOfLesson {
  readonly lesson: LessonId;
  readonly title: string;
  readonly mistakes: readonly KnownMistake[];
  /** How many more are recognised here, which would give away what is still to be found out. */
  readonly hidden: number;
}

/**
 * The mistakes that a lesson recognises. Those that were met are explained; of a lesson that is passed the others are
 * named, since there is nothing left to give away; else they are only counted.
 */
export function mistakesOf(
  { id, title, plan }: CourseLesson<Lesson>,
  text: Pick<LessonText, 'mistakes'>,
  progress: Progress,
): MistakesOfLesson {
  const met = progress.lessons[id]?.mistakes ?? {};
  const passed = lessonState(progress, id) === 'passed';
  const mistakes = plan.mistakes.flatMap(({ id: mistake }): KnownMistake[] => {
    const { title: named = mistake, text: explanation = '' } = text.mistakes.get(mistake) ?? {};
    const at = met[mistake];
    if (at !== undefined) return [{ id: mistake, title: named, met: { at, explanation } }];
    return passed ? [{ id: mistake, title: named }] : [];
  });
  return { lesson: id, title, mistakes, hidden: plan.mistakes.length - mistakes.length };
}
