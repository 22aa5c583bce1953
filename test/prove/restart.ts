import type { CourseLesson } from '../../src/course/types.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { goTo } from '../../src/replay/goto.js';
import type { TestLab } from '../e2e/support/test-lab.js';
import { takeDoorCheckpoint } from './door-checkpoint.js';
import { takeFrontCheckpoint } from './front-checkpoint.js';
import type { Start } from './start.js';

/**
 * Keeps the state that the lab is in now, which is the start of this lesson. `goTo` has taken a checkpoint of it and
 * restores that. Lessons on the cache and on the gateway change nothing of the databases but prices and orders, so those
 * go on running there: to start twelve mongods again takes longer than the mistake and its recognition.
 */
export async function keepStart(testLab: TestLab, lesson: CourseLesson<Lesson>): Promise<Start> {
  const { catalog, lab, grader } = testLab;
  if (lesson.stage === 'gateway') return takeDoorCheckpoint(testLab);
  if (lesson.stage === 'caching' && lab.runtime.kind === 'local') return takeFrontCheckpoint(testLab);
  return {
    restore: () => goTo({ catalog, lab, grader, target: lesson, restart: true }),
    discard: async () => undefined,
  };
}
