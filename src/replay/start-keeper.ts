import type { Catalog } from '../course/catalog.js';
import type { CourseLesson } from '../course/types.js';
import { readExam } from '../exam/read.js';
import type { Round } from '../grading/grader.js';
import type { Lab } from '../lab/lab.js';
import type { Lesson } from '../lesson/lesson.js';
import type { Problem } from '../problem.js';
import { readTraffic } from '../shop/traffic/read.js';
import { keepStart, leadsTo, missingFoundations } from './lesson-checkpoints.js';
import { firstBegun } from './start-of-lesson.js';

type Target = CourseLesson<Lesson>;

/** Takes checkpoints of the starts of lessons while the learner works, without being asked. */
export interface StartKeeper {
  /**
   * Told of each round. The first that shows a lesson at its start takes a checkpoint in the background; once something
   * of the lesson is done, its start is over. Resolves when that is done: with what kept it from being taken, if anything.
   */
  seen(lesson: Target, round: Round): Promise<Problem | undefined> | undefined;
}

export function createStartKeeper(parts: {
  lab: Lab;
  catalog: Catalog<Lesson>;
  signal: AbortSignal;
}): StartKeeper {
  // Lessons whose start is kept or over, on this lab: emptied, it begins again with others.
  let done = { lab: '', lessons: new Set<string>() };
  let isTaking = false;
  return {
    seen(lesson, round) {
      const { lab, catalog, signal } = parts;
      const key = lab.identity() ?? '';
      if (done.lab !== key) done = { lab: key, lessons: new Set() };
      if (isTaking || done.lessons.has(lesson.id)) return undefined;
      if (firstBegun(lesson.plan, round.verdict)) {
        done.lessons.add(lesson.id);
        return undefined;
      }
      if (!isAtRest(round, lab) || !isDue(catalog, lesson, lab)) return undefined;
      done.lessons.add(lesson.id);
      isTaking = true;
      return keepStart(parts, lesson, signal).finally(() => {
        isTaking = false;
      });
    },
  };
}

/**
 * Everything runs and answers, no range is on its way, and no traffic runs: what is copied is of one moment anyway, but
 * the pause would be in the traffic's figures.
 */
function isAtRest({ snapshot, verdict }: Round, { home }: Lab): boolean {
  const runs = snapshot.nodes.every(
    ({ status, mongo }) =>
      status.leftOut !== undefined || (status.state === 'running' && mongo?.role !== 'silent'),
  );
  const isQuiet = readTraffic(home)?.state !== 'running' && readExam(home)?.state !== 'running';
  return runs && snapshot.moves.length === 0 && isQuiet && verdict.skipped === undefined;
}

/** The lab has all that the lesson builds on, and nothing of what comes later. */
function isDue(catalog: Catalog<Lesson>, lesson: Target, lab: Lab): boolean {
  const passed = lab.passed();
  return (
    leadsTo(catalog, lesson, { stage: lesson.stage, passed }) &&
    missingFoundations(catalog, lesson, passed).length === 0
  );
}
