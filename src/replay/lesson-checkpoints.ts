import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Catalog, lessonsBefore, lessonsFrom } from '../course/catalog.js';
import { type LessonProgress, readProgress, updateProgress } from '../course/progress.js';
import { type CourseLesson, type LessonId, type StageId, stageIds } from '../course/types.js';
import type { Content, Manifest } from '../lab/checkpoint/manifest.js';
import { diskBudget, readShelf } from '../lab/checkpoint/store.js';
import { type Occasion, takeCheckpoint } from '../lab/checkpoint/take.js';
import type { Lab } from '../lab/lab.js';
import type { Lesson } from '../lesson/lesson.js';
import { packageRoot } from '../package.js';
import { Problem } from '../problem.js';

type Course = Catalog<Lesson>;
type Target = CourseLesson<Lesson>;

/** Where a stage is in the course. */
export function stageIndex(id: string): number {
  return stageIds.indexOf(id as StageId);
}

/** Whether later lessons build on what a lesson leaves in the lab's servers. */
export function leavesData({ leavesNothing, leavesFile }: Lesson): boolean {
  return !leavesNothing && !leavesFile;
}

/** The lessons before the target whose data it builds on. */
export function foundations(catalog: Course, target: Target): readonly Target[] {
  return lessonsBefore(catalog, target).filter(({ plan }) => leavesData(plan));
}

/** The lessons before the target whose files it goes on from, whether or not it builds on their data too. */
export function fileFoundations(catalog: Course, target: Target): readonly Target[] {
  return lessonsBefore(catalog, target).filter(({ plan }) => !plan.leavesNothing);
}

/** The foundations of the target that a lab on which these lessons were passed still lacks. */
export function missingFoundations(
  catalog: Course,
  target: Target,
  passed: readonly string[],
): readonly Target[] {
  return foundations(catalog, target).filter(({ id }) => !passed.includes(id));
}

/**
 * Whether a lab at `stage`, on which these lessons were passed, can be led to the start of the target: nothing was done
 * that comes at the target or later, and what is missing does not belong to a stage that is over.
 */
export function leadsTo(
  catalog: Course,
  target: Target,
  { stage, passed }: { stage: string; passed: readonly string[] },
): boolean {
  const ahead = lessonsFrom(catalog, target);
  return (
    stageIndex(stage) <= stageIndex(target.stage) &&
    !ahead.some(({ id }) => passed.includes(id)) &&
    missingFoundations(catalog, target, passed).every((one) => stageIndex(one.stage) >= stageIndex(stage))
  );
}

/**
 * How many lessons were done on this data that leave nothing which others build on, but may leave what is in their way:
 * `shop.clicks` of sharding/hot-shard is that of replication/rollback too.
 */
export function residue(catalog: Course, passed: readonly string[]): number {
  return catalog.lessons.filter(({ id, plan }) => plan.leavesNothing && passed.includes(id)).length;
}

/**
 * The checkpoint from which the fewest solutions have to be typed to reach the start of a lesson; among equal ones that
 * of the lesson itself, then that of the fewest other lessons, then the newest. Undefined where none leads there.
 */
export function nearestCheckpoint(
  catalog: Course,
  target: Target,
  manifests: readonly Manifest[],
): Manifest | undefined {
  const missing = (one: Manifest) => missingFoundations(catalog, target, one.passed).length;
  const other = (one: Manifest) => (one.lesson === target.id ? 0 : 1);
  // The learner saves a lab to try something; that no check shows it does not make it a start.
  const saved = (one: Manifest) => (one.kind === 'saved' ? 1 : 0);
  return manifests
    .filter((one) => one.atStart && leadsTo(catalog, target, one))
    .toSorted(
      (a, b) =>
        missing(a) - missing(b) ||
        saved(a) - saved(b) ||
        other(a) - other(b) ||
        residue(catalog, a.passed) - residue(catalog, b.passed) ||
        b.takenAt.localeCompare(a.takenAt),
    )
    .find((one) => one.basis === basisOf(catalog, one));
}

/**
 * Hash of what leads to a state: the solutions of the lessons passed, the stage's compose file, the shop's data and the
 * files that the learner starts from.
 * A checkpoint of another course is another state, whatever its version says.
 */
export function basisOf(catalog: Course, { stage, passed }: Pick<Manifest, 'stage' | 'passed'>): string {
  const hash = createHash('sha256');
  const asText = (_: string, value: unknown) => (typeof value === 'function' ? String(value) : value);
  for (const { id, plan } of catalog.lessons) {
    if (passed.includes(id) && !plan.leavesNothing)
      hash.update(`${id}${JSON.stringify(plan.solution, asText)}`);
  }
  const ownFiles = readdirSync(join(packageRoot, 'assets', 'workspace'), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(packageRoot, join(entry.parentPath, entry.name)))
    .sort();
  const files = [
    `compose/${stage}.yaml`,
    'assets/shop/load-shop.js',
    'assets/shop/shop-data.cjs',
    ...ownFiles,
  ];
  for (const file of files) hash.update(readFileSync(join(packageRoot, file)));
  return hash.digest('hex');
}

/** Whether a checkpoint of this very state is there already. */
function isKept(manifests: readonly Manifest[], occasion: Occasion & { stage: string }): boolean {
  const key = ({ stage, basis, passed, atStart }: Pick<Manifest, 'stage' | 'basis' | 'passed' | 'atStart'>) =>
    [stage, basis, atStart, ...passed.toSorted()].join(' ');
  return manifests.some((one) => key(one) === key(occasion));
}

/**
 * Takes a checkpoint at the start of a lesson, where there is none of this very state. Never fails: what keeps it from
 * being taken is returned.
 */
export async function keepStart(
  { lab, catalog }: { lab: Lab; catalog: Course },
  lesson: Target,
  signal?: AbortSignal,
): Promise<Problem | undefined> {
  try {
    const stage = lab.stage();
    if (stage !== lesson.stage || diskBudget() === 0) return undefined;
    const name = `${lesson.id.replace('/', '.')}.${new Date().toISOString().replaceAll(/[-:]|\.\d+Z/g, '')}`;
    const occasion = { ...occasionOf(lab, catalog, lesson), name, kind: 'auto', atStart: true } as const;
    if (isKept(readShelf(lab.home).manifests, { ...occasion, stage })) return undefined;
    const identity = lab.identity();
    const isStill = () => lab.identity() === identity && lab.passed().length === occasion.passed.length;
    await takeCheckpoint(lab, occasion, signal, isStill);
    return undefined;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    return cause instanceof Problem
      ? cause
      : new Problem('checkpoint-failed', `No checkpoint could be taken: ${(cause as Error).message}.`, {
          cause,
        });
  }
}

/** What the course knows of a lab in which a lesson begins or is under way. */
export function occasionOf(
  lab: Lab,
  catalog: Course,
  lesson: Target,
): Pick<Occasion, 'lesson' | 'basis' | 'passed' | 'progress'> {
  const passed = lab.passed();
  const { lessons } = readProgress(lab.home.progress);
  return {
    lesson: lesson.id,
    passed: [...passed],
    basis: basisOf(catalog, { stage: lab.stage() ?? lesson.stage, passed: [...passed] }),
    progress: Object.fromEntries(passed.map((id) => [id, lessons[id as LessonId]])),
  };
}

/**
 * Gives the progress what belongs to the lab of a checkpoint: what happened, was answered and was measured in the lessons
 * before. What the learner's own progress has of a lesson goes before it; passed by a checkpoint means by the course.
 */
export async function takeOverProgress(
  lab: Lab,
  { takenAt, progress: kept }: Pick<Manifest, 'takenAt'> & Pick<Content, 'progress'>,
): Promise<void> {
  await updateProgress(lab.home.progress, (progress) => {
    const added = Object.entries(kept as Record<LessonId, LessonProgress | undefined>).flatMap(
      ([id, then]) => {
        const own = progress.lessons[id as LessonId];
        if (then === undefined) return [];
        if (own?.passedAt === undefined) {
          const { mistakes: _, lastGo: __, ...seen } = then;
          const { startedAt = then.startedAt, mistakes, lastGo } = own ?? {};
          const help = { passedBy: 'course', helpedAt: then.helpedAt ?? takenAt } as const;
          return [
            [
              id,
              { ...seen, startedAt, ...(mistakes && { mistakes }), ...(lastGo && { lastGo }), ...help },
            ] as const,
          ];
        }
        const events = { ...then.events, ...own.events };
        const answers = { ...then.answers, ...own.answers };
        return [[id, { ...own, events, answers }] as const];
      },
    );
    return { ...progress, lessons: { ...progress.lessons, ...Object.fromEntries(added) } };
  });
}
