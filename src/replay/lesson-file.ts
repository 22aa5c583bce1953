import type { Home } from '../home.js';
import type { Places } from '../lab/addresses.js';
import { fill } from '../lab/workspace/placeholders.js';
import { resetWorkspaceFile, writeWorkspaceFile } from '../lab/workspace/workspace.js';
import type { Lesson } from '../lesson/lesson.js';

/**
 * Brings a lesson's file of the workspace back to where the lesson begins: as the solutions before it leave it (each
 * goes on from the one before), or as the course gives it where none of them writes it.
 * @param before the lessons before it, in their order
 * @returns where what was in it is kept, if that was the learner's
 */
export function restoreLessonFile(
  home: Home,
  { file, before, places }: { file: string; before: readonly Pick<Lesson, 'solution'>[]; places: Places },
): string | undefined {
  const written = before.flatMap((plan) => textsOf(plan, file)).at(-1);
  if (written === undefined) return resetWorkspaceFile(home, file, places);
  return writeWorkspaceFile(home, file, fill(written, places));
}

/** Whether a lesson's solution writes this file. */
export function writesFile(plan: Pick<Lesson, 'solution'>, file: string): boolean {
  return textsOf(plan, file).length > 0;
}

function textsOf({ solution }: Pick<Lesson, 'solution'>, file: string): readonly string[] {
  return solution.flatMap((step) => (step.kind === 'write' && step.file === file ? [step.content] : []));
}
