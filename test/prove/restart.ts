import type { CourseLesson } from '../../src/course/types.js';
import type { Lesson } from '../../src/grading/lesson.js';
import { takeVolumeCheckpoint } from '../docker/support/volume-checkpoint.js';
import { type Checkpoint, takeCheckpoint } from '../e2e/support/checkpoint.js';
import { takeDoorCheckpoint } from '../e2e/support/door-checkpoint.js';
import { takeFrontCheckpoint } from '../e2e/support/front-checkpoint.js';
import type { TestLab } from '../e2e/support/test-lab.js';

/** A lesson's start, to come back to after each mistake. */
export type Start = Checkpoint;

/**
 * Keeps the state that the lab is in now, which is the start of this lesson. Lessons on the cache and on the gateway
 * change nothing of the databases but prices and orders, so those go on running there: to start fifteen servers again
 * takes ten times as long as the mistake and its recognition.
 */
export async function keepStart(testLab: TestLab, { stage }: CourseLesson<Lesson>): Promise<Start> {
  if (stage === 'gateway') return takeDoorCheckpoint(testLab);
  if (testLab.lab.runtime.kind === 'docker') return takeVolumeCheckpoint(testLab);
  return stage === 'caching' ? takeFrontCheckpoint(testLab) : takeCheckpoint(testLab);
}
