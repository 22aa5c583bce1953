import type { Catalog } from '../../src/course/catalog.js';
import { findLesson } from '../../src/course/catalog.js';
import type { CourseLesson, LessonId } from '../../src/course/types.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { usageProblem } from '../../src/problem.js';
import type { Affected } from './affected.js';
import type { Asked } from './arguments.js';
import { fifthOf, oneOfEachStage } from './choice.js';

type Lessons = readonly CourseLesson<Lesson>[];

/** What is to be proven, what matters most first, and why. */
export interface Choice {
  readonly ranks: readonly Lessons[];
  /** Sentences for whoever reads the log. */
  readonly reasons: readonly string[];
}

export interface Changes {
  /** In words: `since HEAD~1`. */
  readonly since: string;
  readonly affected: Affected;
}

/** As many files as a reason names. */
const named = 5;

/**
 * Chooses what is asked for; no lesson twice.
 * @param commit its hash decides which lessons stand for the others
 */
export function choose(
  catalog: Catalog<Lesson>,
  { names, fifth, mistake }: Pick<Asked, 'names' | 'fifth' | 'mistake'>,
  { changes, commit }: { changes?: Changes | undefined; commit: string },
): Choice {
  const all = catalog.lessons;
  const ranks: Lessons[] = [names.flatMap((name) => lessonsNamed(catalog, name))];
  const reasons: string[] = [];
  if (mistake !== undefined) checkMistake(ranks[0]?.[0], mistake);
  if (changes) {
    const { lessons, broad } = changes.affected;
    const affected = all.filter(({ id }) => lessons.includes(id));
    ranks.push(affected);
    reasons.push(`changed ${changes.since}, and part of: ${listOf(affected.map(({ id }) => id))}`);
    if (broad.length > 0) {
      const chosen = oneOfEachStage(all, commit);
      ranks.push(chosen);
      const more = broad.length > named ? ` and ${broad.length - named} more` : '';
      reasons.push(
        `changed, and any lesson may depend on it: ${broad.slice(0, named).join(', ')}${more}`,
        `so one lesson of each stage, which commit ${commit.slice(0, 8)} chooses: ${listOf(chosen.map(({ id }) => id))}`,
      );
    }
  }
  if (fifth) {
    const chosen = fifthOf(all, commit);
    ranks.push(chosen);
    reasons.push(
      `a fifth of all lessons, which commit ${commit.slice(0, 8)} chooses: ${listOf(chosen.map(({ id }) => id))}`,
    );
  }
  return { ranks: withoutRepeats(all, ranks), reasons };
}

function lessonsNamed(catalog: Catalog<Lesson>, name: string): Lessons {
  if (name === 'all') return catalog.lessons;
  const stage = catalog.stages.find(({ id }) => id === name);
  return stage ? stage.lessons : [findLesson(catalog, name)];
}

function checkMistake(lesson: CourseLesson<Lesson> | undefined, id: string): void {
  const known = lesson?.plan.mistakes.map((mistake) => mistake.id) ?? [];
  if (known.includes(id)) return;
  throw usageProblem(
    'wrong-use',
    `${lesson?.id} has no mistake "${id}".`,
    `Its mistakes: ${known.join(', ')}.`,
  );
}

/** Each rank in the course's order, without what a rank before has. */
function withoutRepeats(all: Lessons, ranks: readonly Lessons[]): Lessons[] {
  const seen = new Set<LessonId>();
  return ranks.map((rank) => {
    const own = all.filter((lesson) => rank.includes(lesson) && !seen.has(lesson.id));
    for (const { id } of own) seen.add(id);
    return own;
  });
}

function listOf(ids: readonly string[]): string {
  return ids.length === 0 ? 'no lesson' : ids.join(', ');
}
