import { setTimeout as delay } from 'node:timers/promises';
import { type Catalog, lessonsBefore } from '../course/catalog.js';
import { updateProgress, withLesson, withoutEvidence, withoutHelp } from '../course/progress.js';
import { type CourseLesson, stageIds } from '../course/types.js';
import { stopExam } from '../exam/stop.js';
import { undoBalancer } from '../lab/balancer.js';
import type { Lab } from '../lab/lab.js';
import { isBrokenFile, ownCompose } from '../lab/own-compose.js';
import type { FileEvent, UpEvent } from '../lab/runtime.js';
import { type Undone, undoAll, undoFaults } from '../lab/undo-faults.js';
import { Problem } from '../problem.js';
import { addedShard, mendCompose, restoreCompose } from './goto-compose.js';
import type { Grader } from './grader.js';
import type { Lesson } from './lesson.js';
import { restoreLessonFile } from './lesson-file.js';
import { lookOnce, type SolveEvent, solve } from './solve.js';
import type { Typed } from './typing.js';
import { openUnseenShells, type UnseenShells } from './unseen-shells.js';
import type { LessonVerdict } from './verdict.js';

/** Progress of `goto`: services as they come up, then each lesson whose solution is typed. */
export type GotoEvent =
  | UpEvent
  | FileEvent
  | { readonly kind: 'rebuild'; readonly reason: string }
  /** Services that a fault was made to, brought back. */
  | { readonly kind: 'undone'; readonly undone: readonly Undone[] }
  | {
      readonly kind: 'replay';
      readonly lesson: string;
      readonly phase: 'typing' | 'passed' | 'kept' | 'skipped';
    }
  | (SolveEvent & { readonly lesson: string });

/** Milliseconds in which a shop or a gateway works by a file that was changed. */
const rereadWithin = 10_000;
const pause = 200;
/** What a server says that was told nonsense, and not that a port is taken or the disk full. */
const startFailures: readonly string[] = ['service-failed', 'service-silent'];

interface GotoOptions {
  catalog: Catalog<Lesson>;
  lab: Lab;
  grader: Grader;
  target: CourseLesson<Lesson>;
  onEvent?: ((event: GotoEvent) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Brings the lab to the start of a lesson: its stage up, every solution it builds on typed for real. Goes on from
 * the lab that is there where that leads to the same state; else empties it first (progress is kept).
 */
export async function goTo(options: GotoOptions): Promise<void> {
  const { lab, target, catalog } = options;
  tellOf(options, await mendCompose(lab));
  // It would go on killing what the solutions need.
  await stopExam(lab.home);
  await undo(options, undoAll);
  let isElsewhere = lab.stage() !== target.stage;
  const anew = async (reason: string): Promise<void> => {
    isElsewhere = true;
    await rebuild(options, reason);
  };
  const reason = await whyNotForward(options);
  if (reason) await anew(reason);
  try {
    await replay(options);
  } catch (error) {
    // A lab that a learner has led astray may refuse the solutions; from an empty one they are proven.
    if (reason || !(error instanceof Problem) || error.code !== 'replay-failed') throw error;
    await anew(error.message);
    await replay(options);
  }
  // The workspace outlives every lab: what another go has left in it would pass by itself.
  const { file } = target.plan;
  if (isElsewhere && file !== undefined && file !== ownCompose.file) await beginFile(options, file);
  const ahead = catalog.lessons.slice(catalog.lessons.indexOf(target));
  await beginAgain(lab, ahead);
  await updateProgress(lab.home.progress, (progress) => ({
    ...withLesson(progress, target.id, {}),
    current: target.id,
  }));
}

/** What was seen in these lessons belongs to a lab that is gone, or to another go. */
async function forget(lab: Lab, lessons: readonly CourseLesson<Lesson>[]): Promise<void> {
  const ids = lessons.map(({ id }) => id);
  await updateProgress(lab.home.progress, (progress) => withoutEvidence(progress, ids));
}

/** The same of lessons whose lab has nothing of the course's solutions either. */
async function beginAgain(lab: Lab, lessons: readonly CourseLesson<Lesson>[]): Promise<void> {
  const ids = lessons.map(({ id }) => id);
  await updateProgress(lab.home.progress, (progress) => withoutHelp(withoutEvidence(progress, ids), ids));
}

/** A fault ends with its lesson: the next begins with every server running. */
async function undo(
  { lab, onEvent }: Pick<GotoOptions, 'lab' | 'onEvent'>,
  how: (runtime: Lab['runtime']) => Promise<readonly Undone[]> = undoFaults,
): Promise<void> {
  const undone = await how(lab.runtime);
  if (undone.length > 0) onEvent?.({ kind: 'undone', undone });
}

function tellOf({ onEvent }: Pick<GotoOptions, 'onEvent'>, event: GotoEvent | undefined): void {
  if (event) onEvent?.(event);
}

/** What to tell of a solution that was written over something of the learner's. */
function solvedFile(typed: Typed): GotoEvent | undefined {
  if (typed.how !== 'edit' || typed.kept === undefined) return undefined;
  return { kind: 'file', file: typed.at, became: 'solved', kept: typed.kept };
}

/** Why the lab that is there cannot be led to the start of the target, or undefined where it can. */
async function whyNotForward(options: GotoOptions): Promise<string | undefined> {
  const { catalog, lab, grader, target } = options;
  const stage = lab.stage();
  if (!stage) return undefined;
  const stageIndex = (id: string): number => stageIds.indexOf(id as (typeof stageIds)[number]);
  if (stageIndex(stage) > stageIndex(target.stage)) return `the lab is already at stage "${stage}"`;

  const passed = new Set(lab.passed());
  const later = catalog.lessons
    .slice(catalog.lessons.indexOf(target))
    .find(({ id, plan }) => passed.has(id) && !plan.leavesNothing);
  if (later) return `${later.id} is already done in this lab`;
  const missing = foundations(catalog, target).find(
    (lesson) => stageIndex(lesson.stage) < stageIndex(stage) && !passed.has(lesson.id),
  );
  if (missing) return `${missing.id} was not done in this lab`;

  if (stage !== target.stage) return undefined;
  // The servers may be down; what they hold can only be judged when they answer.
  await bringUp(options, stage);
  const added = stage === ownCompose.stage ? await addedShard(await grader.view(target)) : undefined;
  if (added !== undefined) return `${added} is a shard of the cluster, and the lesson begins without it`;
  if (target.plan.leavesNothing) await forget(lab, [target]);
  let title = await alreadyBegun(options);
  const { file } = target.plan;
  if (title !== undefined && file !== undefined) title = await beginFile(options, file);
  return title === undefined ? undefined : `"${title}" is not as it is at the start`;
}

/** The first check of the target that is not as it is at the start. */
async function alreadyBegun({ grader, target }: GotoOptions): Promise<string | undefined> {
  // What is wrong with an earlier lesson by now, or with this one before it begins, is nobody's mistake.
  const { checks } = await lookOnce(grader, target, 'course');
  const { checks: plans } = target.plan;
  return checks.find(
    ({ state }, index) => state === 'wrong' || (state === 'pass' && !plans[index]?.holdsAtStart),
  )?.title;
}

/** Brings the target's file back to where it begins. Gives the first check that is not as it is at the start even so. */
async function beginFile(options: GotoOptions, file: string): Promise<string | undefined> {
  const { catalog, lab, target } = options;
  const before = foundations(catalog, target).map(({ plan }) => plan);
  const kept = restoreLessonFile(lab.home, { file, before, places: await lab.places(target.stage) });
  if (kept !== undefined) tellOf(options, { kind: 'file', file, became: 'restored', kept });
  let title = await alreadyBegun(options);
  // Whoever reads the file needs a moment to see; that of the stage is only read when it comes up.
  const until = Date.now() + (file === ownCompose.file ? 0 : rereadWithin);
  for (; title !== undefined && Date.now() < until; title = await alreadyBegun(options)) await delay(pause);
  return title;
}

/** Brings a stage up; where what the learner wrote into its file keeps a server from starting, without that. */
async function bringUp(
  { lab, onEvent, signal }: Pick<GotoOptions, 'lab' | 'onEvent' | 'signal'>,
  stage: string,
): Promise<void> {
  const up = async () => {
    await lab.up(stage, (event) => onEvent?.(event), signal);
    // It is on the disk of the config servers: while they were down, nobody could put it back.
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

/** The lessons before the target that leave something behind. */
function foundations(
  catalog: Catalog<Lesson>,
  target: CourseLesson<Lesson>,
): readonly CourseLesson<Lesson>[] {
  return lessonsBefore(catalog, target).filter(({ plan }) => !plan.leavesNothing);
}

async function rebuild({ lab, catalog, onEvent }: GotoOptions, reason: string): Promise<void> {
  onEvent?.({ kind: 'rebuild', reason });
  await lab.down({ purge: true });
  // An empty lab begins with the servers that the stage has, not with those that were added to it.
  tellOf({ onEvent }, restoreCompose(lab));
  await beginAgain(lab, catalog.lessons);
}

/** Types the solutions that the target builds on, as far as they are missing, and leaves the target's stage up. */
async function replay(options: GotoOptions): Promise<void> {
  const shells = openUnseenShells(options.lab, options.signal);
  try {
    await replayInto(shells, options);
  } finally {
    await shells.close();
  }
}

async function replayInto(
  shells: UnseenShells,
  { catalog, lab, grader, target, onEvent, signal }: GotoOptions,
): Promise<void> {
  let upSince: string | undefined;
  const up = async (stage: string): Promise<void> => {
    if (upSince !== stage) await bringUp({ lab, onEvent, signal }, stage);
    upSince = stage;
  };
  for (const lesson of foundations(catalog, target)) {
    if (lab.passed().includes(lesson.id) && lab.stage() !== lesson.stage) continue;
    signal?.throwIfAborted();
    await up(lesson.stage);
    if (lab.passed().includes(lesson.id) && (await grader.round(lesson, 'course')).verdict.passed) {
      onEvent?.({ kind: 'replay', lesson: lesson.id, phase: 'kept' });
      continue;
    }
    onEvent?.({ kind: 'replay', lesson: lesson.id, phase: 'typing' });
    shells.warm(lesson.plan.solution);
    const verdict = await solve({
      lab,
      grader,
      lesson,
      signal,
      typeInto: shells.type,
      onEvent(event) {
        onEvent?.({ ...event, lesson: lesson.id });
        if (event.kind === 'typed') tellOf({ onEvent }, solvedFile(event.typed));
      },
    });
    if (!verdict.passed && verdict.skipped === undefined) throw replayFailed(verdict);
    await undo({ lab, onEvent });
    onEvent?.({ kind: 'replay', lesson: lesson.id, phase: verdict.passed ? 'passed' : 'skipped' });
  }
  await up(target.stage);
}

function replayFailed({ lesson, checks }: LessonVerdict): Problem {
  const stuck = checks.find(({ state }) => state !== 'pass');
  return new Problem(
    'replay-failed',
    `The solution of ${lesson} was typed, but "${stuck?.title}" is not passed: ${stuck?.observed}.`,
    { remedy: `Start from an empty lab: mongo-scale-course down --purge` },
  );
}
