import { type Catalog, findLesson } from '../course/catalog.js';
import {
  isLessonProgress,
  type LessonProgress,
  readProgress,
  updateProgress,
  withLesson,
} from '../course/progress.js';
import type { CourseLesson } from '../course/types.js';
import type { Grader } from '../grading/grader.js';
import { withCheckpointLock } from '../lab/checkpoint/checkpoint-lock.js';
import type { Content, Manifest } from '../lab/checkpoint/manifest.js';
import { demandCheckpointName } from '../lab/checkpoint/name.js';
import { whyUnfit } from '../lab/checkpoint/restore.js';
import { bytesOf } from '../lab/checkpoint/size.js';
import { type DamagedCheckpoint, readShelf, sweepObjects } from '../lab/checkpoint/store.js';
import { takeCheckpoint } from '../lab/checkpoint/take.js';
import type { Lab } from '../lab/lab.js';
import type { Lesson } from '../lesson/lesson.js';
import { Problem, usageProblem } from '../problem.js';
import { repairComposeFile } from './goto-compose.js';
import { occasionOf } from './lesson-checkpoints.js';
import { tellOf, type Way } from './replay.js';
import { restoreLab } from './restore-lab.js';
import { lookOnce } from './solve.js';
import { firstBegun } from './start-of-lesson.js';

interface Saving {
  readonly lab: Lab;
  readonly catalog: Catalog<Lesson>;
  readonly grader: Grader;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes a checkpoint under the learner's own name. Throws `checkpoint-exists` where there is one of this name, unless
 * `force` is set, and what `takeCheckpoint` throws.
 */
export async function saveCheckpoint(
  { lab, catalog, grader, signal }: Saving,
  name: string,
  { force = false }: { readonly force?: boolean } = {},
): Promise<Manifest> {
  demandCheckpointName(name);
  const { manifests, damaged } = readShelf(lab.home);
  const isTaken = [...manifests, ...damaged].some((one) => one.name === name);
  if (isTaken && !force) {
    throw usageProblem(
      'checkpoint-exists',
      `There is a checkpoint "${name}" already.`,
      `Choose another name, or replace it: mongo-scale-course checkpoint save ${name} --force`,
    );
  }
  const lesson = lessonUnderWay(lab, catalog);
  const atStart = firstBegun(lesson.plan, await lookOnce(grader, lesson)) === undefined;
  const occasion = occasionOf(lab, catalog, lesson);
  const own = readProgress(lab.home.progress).lessons[lesson.id];
  // The lesson under way is not passed yet. Its answers and events are part of this state all the same.
  const progress = { ...occasion.progress, ...(own && { [lesson.id]: own }) };
  const manifest = await takeCheckpoint(lab, { ...occasion, progress, name, kind: 'saved', atStart }, signal);
  const sweeping = { purpose: `replacing ${name}`, patience: 30_000, signal };
  if (isTaken) await withCheckpointLock(lab.home, sweeping, () => sweepObjects(lab.home));
  return manifest;
}

/** The lesson that the learner is in, if the lab is at its stage; else the first of that stage that is not passed. */
function lessonUnderWay(lab: Lab, catalog: Catalog<Lesson>): CourseLesson<Lesson> {
  const stage = lab.stage();
  const lessons = catalog.lessons.filter((lesson) => lesson.stage === stage);
  const { current } = readProgress(lab.home.progress);
  const passed = lab.passed();
  const lesson =
    lessons.find(({ id }) => id === current) ??
    lessons.find(({ id }) => !passed.includes(id)) ??
    lessons.at(-1);
  if (lesson) return lesson;
  throw new Problem('lab-not-whole', 'There is nothing to save: no stage is up.', {
    remedy: 'Bring one up: mongo-scale-course up',
  });
}

/** Brings the lab and the progress to a checkpoint, and its lesson becomes the current one. */
export async function restoreSaved(
  way: Pick<Way, 'lab' | 'catalog' | 'onEvent' | 'signal'>,
  manifest: Manifest,
): Promise<void> {
  const { lab, catalog, onEvent } = way;
  const { id } = findLesson(catalog, manifest.lesson);
  if ((await whyUnfit(lab, manifest)) === undefined) {
    onEvent?.({ kind: 'restore', lesson: manifest.lesson, name: manifest.name });
    // A compose file that the course cannot read would keep the stage from coming up.
    tellOf(way, await repairComposeFile(lab));
  }
  const { progress: kept } = await restoreLab(way, manifest);
  await updateProgress(lab.home.progress, (progress) => {
    const then = manifest.passed.includes(id) ? undefined : kept[id];
    return {
      ...withLesson(progress, id, isLessonProgress(then) ? underWay(then) : {}),
      current: id,
    };
  });
}

/** The part of a lesson's progress that belongs to its lab, and not to the learner. */
function underWay({ events, answers, measured, helpedAt }: LessonProgress): Partial<LessonProgress> {
  return { events, answers, ...(measured && { measured }), ...(helpedAt && { helpedAt }) };
}

/** Why the course cannot use a checkpoint that comes from elsewhere, as the end of a sentence. */
export function unusableHere(
  catalog: Catalog<Lesson>,
  { lesson, stage, passed, progress }: Manifest & Content,
): string | undefined {
  const known = new Map<string, string>(catalog.lessons.map((one) => [one.id, one.stage]));
  if (known.get(lesson) !== stage) return `this course has no lesson ${lesson} in the stage ${stage}`;
  const unknown = passed.find((id) => !known.has(id));
  if (unknown !== undefined) return `this course has no lesson ${unknown}`;
  const broken = Object.entries(progress).find(([id, one]) => !known.has(id) || !isLessonProgress(one));
  return broken && `its progress of ${broken[0]} is not what the course writes`;
}

/** A row of the list of checkpoints. */
export interface CheckpointEntry
  extends Pick<Manifest, 'name' | 'kind' | 'lesson' | 'stage' | 'takenAt' | 'atStart'> {
  /** Bytes on the disk. Checkpoints share equal files, so all together use less than the sum. */
  readonly bytes: number;
  readonly fits: boolean;
  /** Why it cannot be restored here; null where it can. */
  readonly reason: string | null;
}

export function entryOf(manifest: Manifest, bytes: number, reason: string | undefined): CheckpointEntry {
  const { name, kind, lesson, stage, takenAt, atStart } = manifest;
  return {
    name,
    kind,
    lesson,
    stage,
    takenAt,
    atStart,
    bytes,
    fits: reason === undefined,
    reason: reason ?? null,
  };
}

/** All checkpoints of a home, oldest first, and those that cannot be read. */
export async function listCheckpoints(
  lab: Lab,
): Promise<{ checkpoints: readonly CheckpointEntry[]; damaged: readonly DamagedCheckpoint[] }> {
  const { manifests, damaged } = readShelf(lab.home);
  const checkpoints: CheckpointEntry[] = [];
  for (const manifest of manifests)
    checkpoints.push(entryOf(manifest, bytesOf(lab.home, manifest), await whyUnfit(lab, manifest)));
  return { checkpoints, damaged };
}
