import type { Lesson } from '../lesson/lesson.js';
import type { TrafficOptions } from '../shop/traffic/settings.js';

/** The customers a lesson is about: those its own solution sends first. Undefined where it sends none. */
export function lessonTraffic({ solution }: Pick<Lesson, 'solution'>): TrafficOptions | undefined {
  for (const step of solution) {
    if (step.kind === 'traffic' && step.action === 'start') return step.options;
  }
  return undefined;
}
