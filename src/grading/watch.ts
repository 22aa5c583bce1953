import type { CourseLesson } from '../course/types.js';
import type { Lesson } from '../lesson/lesson.js';
import type { Grader, Round } from './grader.js';

/** Milliseconds between two looks, so that a change shows within a second on a machine that is busy too. */
export const lookInterval = 700;

/**
 * Looks at one lesson again and again until `signal` aborts. `onRound` hears of each round, changed or not;
 * `onProblem` of a round that could not be made (the stage went down), and the watch goes on.
 */
export async function watchLesson(
  grader: Grader,
  lesson: CourseLesson<Lesson>,
  {
    onRound,
    onProblem,
    signal,
  }: { onRound: (round: Round) => void; onProblem: (error: unknown) => void; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    try {
      const round = await grader.round(lesson);
      if (!signal.aborted) onRound(round);
    } catch (error) {
      if (!signal.aborted) onProblem(error);
    }
    await pause(lookInterval, signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
