import { type Catalog, lessonsFrom } from '../course/catalog.js';
import type { CourseLesson } from '../course/types.js';
import type { Grader } from '../grading/grader.js';
import type { LessonVerdict } from '../grading/verdict.js';
import type { Manifest } from '../lab/checkpoint/manifest.js';
import { undoBalancer } from '../lab/faults/balancer.js';
import { type Undone, undoFaults } from '../lab/faults/undo-faults.js';
import type { Lab } from '../lab/lab.js';
import { isBrokenFile, ownCompose } from '../lab/workspace/learner-compose.js';
import type { Lesson } from '../lesson/lesson.js';
import { Problem } from '../problem.js';
import { restoreCompose } from './goto-compose.js';
import type { GotoEvent } from './goto-event.js';
import { fileFoundations, foundations, keepStart } from './lesson-checkpoints.js';
import { restoreLessonFile, writesFile } from './lesson-file.js';
import { quickened } from './quicken.js';
import { solve } from './solve.js';
import { firstBegun } from './start-of-lesson.js';
import type { Typed } from './typing.js';
import { openUnseenShells, type UnseenShells } from './unseen-shells.js';

/** What a server says that was told nonsense, and not that a port is taken or the disk full. */
const startFailures: readonly string[] = ['service-failed', 'service-silent'];

/** What `goto` works with. */
export interface Way {
  readonly catalog: Catalog<Lesson>;
  readonly lab: Lab;
  readonly grader: Grader;
  readonly target: CourseLesson<Lesson>;
  readonly onEvent?: ((event: GotoEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Passes on what there is to tell, if anything. */
export function tellOf({ onEvent }: Pick<Way, 'onEvent'>, event: GotoEvent | undefined): void {
  if (event) onEvent?.(event);
}

/** A fault ends with its lesson: the next begins with every server running. */
export async function undo(
  { lab, onEvent }: Pick<Way, 'lab' | 'onEvent'>,
  how: (runtime: Lab['runtime']) => Promise<readonly Undone[]> = undoFaults,
): Promise<void> {
  const undone = await how(lab.runtime);
  if (undone.length > 0) onEvent?.({ kind: 'undone', undone });
}

/** Brings a stage up; where what the learner wrote into its file keeps a server from starting, without that. */
export async function bringUp(
  { lab, onEvent, signal }: Pick<Way, 'lab' | 'onEvent' | 'signal'>,
  stage: string,
): Promise<void> {
  const up = async () => {
    await lab.up(stage, (event) => onEvent?.(event), signal);
    // The balancer's settings are on the config servers' disks, so they can be put back only while these run.
    await undo({ lab, onEvent }, undoBalancer);
  };
  try {
    await up();
  } catch (cause) {
    const isItsFault =
      isBrokenFile(cause) || (cause instanceof Problem && startFailures.includes(cause.code));
    const restored = stage === ownCompose.stage && isItsFault ? restoreCompose(lab) : undefined;
    if (!restored) throw cause;
    onEvent?.(restored);
    await up();
  }
}

/**
 * Types the solutions that the target builds on, as far as they are missing, and leaves the target's stage up. Takes a
 * checkpoint at each start that it passes.
 * @param restored the checkpoint that the lab has just been brought to: its stage is up, its lessons need no look
 */
export async function replay(way: Way, restored?: Pick<Manifest, 'stage' | 'passed'>): Promise<void> {
  const shells = openUnseenShells(way.lab, way.signal);
  try {
    await replayInto(shells, way, restored);
  } finally {
    await shells.close();
  }
}

async function replayInto(
  shells: UnseenShells,
  way: Way,
  restored?: Pick<Manifest, 'stage' | 'passed'>,
): Promise<void> {
  const { catalog, lab, grader, target, onEvent, signal } = way;
  let upSince = restored?.stage;
  let isKnown = restored !== undefined;
  const up = async (lesson: CourseLesson<Lesson>): Promise<void> => {
    if (upSince === lesson.stage) return;
    await bringUp(way, lesson.stage);
    upSince = lesson.stage;
  };
  for (const lesson of foundations(catalog, target)) {
    const isPassed = lab.passed().includes(lesson.id);
    if (isPassed && (lab.stage() !== lesson.stage || restored?.passed.includes(lesson.id))) continue;
    signal?.throwIfAborted();
    await up(lesson);
    if (isPassed && (await grader.round(lesson, 'course')).verdict.passed) {
      onEvent?.({ kind: 'replay', lesson: lesson.id, phase: 'kept' });
      continue;
    }
    shells.warm(lesson.plan.solution);
    // Only the first may have been begun by the learner.
    if (isKnown || firstBegun(lesson.plan, (await grader.round(lesson, 'course')).verdict) === undefined)
      await keep(way, lesson);
    isKnown = true;
    onEvent?.({ kind: 'replay', lesson: lesson.id, phase: 'typing' });
    const verdict = await typeSolution(shells, way, lesson);
    if (!verdict.passed && verdict.skipped === undefined) throw replayFailed(verdict);
    await undo(way);
    onEvent?.({ kind: 'replay', lesson: lesson.id, phase: verdict.passed ? 'passed' : 'skipped' });
    const [, next] = lessonsFrom(catalog, lesson);
    // The last state of a stage would be lost when the next stage comes up.
    if (next?.stage === lesson.stage) await keep(way, next);
  }
  await bringFiles(way);
  await up(target);
}

async function typeSolution(
  shells: UnseenShells,
  { lab, grader, onEvent, signal }: Way,
  lesson: CourseLesson<Lesson>,
): Promise<LessonVerdict> {
  const { typeInto, calm } = quickened(lab.runtime, shells.type);
  try {
    return await solve({
      lab,
      grader,
      lesson,
      signal,
      typeInto,
      onEvent(event) {
        onEvent?.({ ...event, lesson: lesson.id });
        if (event.kind === 'typed') tellOf({ onEvent }, solvedFile(event.typed));
      },
    });
  } finally {
    await calm();
  }
}

/** Writes the files that lessons before the target leave, unless the learner has passed the last that writes them. */
async function bringFiles(way: Way): Promise<void> {
  const { catalog, lab, target } = way;
  const earlier = fileFoundations(catalog, target);
  const files = new Set(earlier.flatMap(({ plan }) => (plan.leavesFile && plan.file ? [plan.file] : [])));
  if (files.size === 0) return;
  const places = await lab.places(target.stage);
  for (const file of files) {
    const last = earlier.findLast(({ plan }) => writesFile(plan, file));
    if (!last || lab.passed().includes(last.id)) continue;
    const kept = restoreLessonFile(lab.home, { file, before: earlier.map(({ plan }) => plan), places });
    if (kept !== undefined) tellOf(way, { kind: 'file', file, became: 'solved', kept });
  }
}

/** Takes a checkpoint at the start of a lesson, where the lab is. One that cannot be taken is reported, and `goto` goes on. */
export async function keep(way: Way, lesson: CourseLesson<Lesson>): Promise<void> {
  const problem = await keepStart(way, lesson, way.signal);
  if (problem) way.onEvent?.({ kind: 'not-kept', problem });
}

/** What to tell of a solution that was written over something of the learner's. */
function solvedFile(typed: Typed): GotoEvent | undefined {
  if (typed.how !== 'edit' || typed.kept === undefined) return undefined;
  return { kind: 'file', file: typed.at, became: 'solved', kept: typed.kept };
}

function replayFailed({ lesson, checks }: LessonVerdict): Problem {
  const stuck = checks.find(({ state }) => state !== 'pass');
  return new Problem(
    'replay-failed',
    `The solution of ${lesson} was typed, but "${stuck?.title}" is not passed: ${stuck?.observed}.`,
    { remedy: `Start from an empty lab: mongo-scale-course down --purge` },
  );
}
