import type { LessonId } from '../../course/types.js';
import type { StageEntry } from '../course-session.js';

/** The lesson before or after one, over all stages; undefined at either end. */
export function neighbourLesson(
  stages: readonly StageEntry[],
  id: LessonId | undefined,
  step: 1 | -1,
): LessonId | undefined {
  const ids = stages.flatMap((stage) => stage.lessons.map((lesson) => lesson.id));
  const index = id === undefined ? -1 : ids.indexOf(id);
  return index + step < 0 ? undefined : ids[index + step];
}
