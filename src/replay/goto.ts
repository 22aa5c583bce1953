import { setTimeout as delay } from 'node:timers/promises';
import { lessonsFrom } from '../course/catalog.js';
import { updateProgress, withLesson, withoutEvidence } from '../course/progress.js';
import type { CourseLesson } from '../course/types.js';
import { stopExam } from '../exam/stop.js';
import { wasRestoreBrokenOff } from '../lab/checkpoint/interrupted.js';
import type { Manifest } from '../lab/checkpoint/manifest.js';
import { dropCheckpoint, readShelf } from '../lab/checkpoint/store.js';
import { undoAll } from '../lab/faults/undo-faults.js';
import type { Lab } from '../lab/lab.js';
import { ownCompose } from '../lab/workspace/learner-compose.js';
import type { Lesson } from '../lesson/lesson.js';
import { Problem } from '../problem.js';
import { addedShard, repairComposeFile, restoreCompose } from './goto-compose.js';
import {
  fileFoundations,
  foundations,
  leavesData,
  missingFoundations,
  nearestCheckpoint,
  residue,
  stageIndex,
} from './lesson-checkpoints.js';
import { restoreLessonFile } from './lesson-file.js';
import { bringUp, keep, replay, tellOf, undo, type Way } from './replay.js';
import { beginAgain, restoreLab } from './restore-lab.js';
import { lookOnce } from './solve.js';
import { firstBegun } from './start-of-lesson.js';

/** Milliseconds in which a shop or a gateway works by a file that was changed. */
const rereadWithin = 10_000;
const pause = 200;
/** What a checkpoint can be refused for; whatever else goes wrong would go wrong without it as well. */
const refusals: readonly string[] = ['checkpoint-misfit', 'checkpoint-damaged'];
/** What goes wrong on the data of a checkpoint, and from an empty lab may not. */
const strays: readonly string[] = ['replay-failed', 'service-failed', 'service-silent', 'checkpoint-failed'];

interface GotoOptions extends Way {
  /** Begins the lesson again even where the lab looks as at its start. */
  readonly restart?: boolean | undefined;
}

/**
 * Brings the lab to the start of a lesson: from where it is, if that leads to the same state; else from the nearest
 * checkpoint, or from an empty lab. Solutions that are missing from there are typed for real. Progress is kept.
 */
export async function goTo(options: GotoOptions): Promise<void> {
  const { lab, target, catalog } = options;
  tellOf(options, await repairComposeFile(lab));
  if (await wasRestoreBrokenOff(lab.home)) await rebuild(options, 'a restore of its data was broken off');
  // It would go on killing what the solutions need.
  await stopExam(lab.home);
  await undo(options, undoAll);
  const stageBefore = lab.stage();
  const from = await lead(options);
  // The workspace outlives every lab: what another go has left in it would pass by itself. That of the lesson's own
  // checkpoint is how the learner came to it.
  // A lab whose later lessons leave only their files is the same one, with a file that solves this lesson.
  const mayBeSolved = stageBefore !== target.stage || target.plan.leavesFile;
  const isElsewhere = from === 'other lab' || (from === 'same lab' && mayBeSolved);
  const { file } = target.plan;
  if (isElsewhere && file !== undefined && file !== ownCompose.file) await beginFile(options, file);
  await keep(options, target);
  await beginAgain(lab, lessonsFrom(catalog, target));
  await updateProgress(lab.home.progress, (progress) => ({
    ...withLesson(progress, target.id, {}),
    current: target.id,
  }));
}

/** Leads the lab to the target, and says from where: the lab that was there, another one, or the lesson's own start. */
async function lead(options: GotoOptions): Promise<'same lab' | 'other lab' | 'own start'> {
  const { lab, catalog, target } = options;
  const reason = options.restart ? 'the lesson begins again' : await reasonToRebuild(options);
  // Those that are taken on the way come from others, and would lead to the same place.
  let usable = readShelf(lab.home).manifests;
  // A checkpoint that was tried and led astray has put another lab in the place of the one that was there.
  let isAstray = false;
  const isNearer = (manifest: Manifest): boolean =>
    reason !== undefined ||
    isAstray ||
    missingFoundations(catalog, target, manifest.passed).length <
      missingFoundations(catalog, target, lab.passed()).length;
  for (;;) {
    const nearest = nearestCheckpoint(catalog, target, usable);
    if (!nearest || !isNearer(nearest)) break;
    const came = await leadFrom(nearest, options, reason);
    if (came === 'there') return nearest.lesson === target.id ? 'own start' : 'other lab';
    isAstray ||= came === 'astray';
    // What other lessons have left is in the way: only data of fewer of them can lead there.
    const most = came === 'astray' ? residue(catalog, nearest.passed) : Number.POSITIVE_INFINITY;
    usable = usable.filter((one) => one !== nearest && residue(catalog, one.passed) < most);
  }
  if (isAstray) await rebuild(options, 'no checkpoint leads there');
  else if (reason !== undefined && lab.stage() !== undefined) await rebuild(options, reason);
  try {
    await replay(options);
    return reason === undefined && !isAstray ? 'same lab' : 'other lab';
  } catch (error) {
    // A lab that a learner has led astray may refuse the solutions; from an empty one they are proven.
    if (reason !== undefined || isAstray || !(error instanceof Problem) || error.code !== 'replay-failed')
      throw error;
    await rebuild(options, error.message);
    await replay(options);
    return 'other lab';
  }
}

/** How far a checkpoint has led: to the target, nowhere (it was refused and nothing changed), or somewhere else. */
async function leadFrom(
  manifest: Manifest,
  options: GotoOptions,
  reason?: string,
): Promise<'there' | 'nowhere' | 'astray'> {
  const { lab, onEvent, signal } = options;
  const { name } = manifest;
  onEvent?.({ kind: 'restore', lesson: manifest.lesson, name, reason });
  try {
    await restoreLab(options, manifest);
    await replay(options, manifest);
  } catch (problem) {
    if (signal?.aborted || !(problem instanceof Problem)) throw problem;
    const isRefused = refusals.includes(problem.code);
    if (!isRefused && !strays.includes(problem.code)) throw problem;
    onEvent?.({ kind: 'unusable', name, problem });
    if (problem.code !== 'checkpoint-misfit' && manifest.kind === 'auto')
      await dropCheckpoint(lab.home, name);
    return isRefused ? 'nowhere' : 'astray';
  }
  const title = await notAtStart(options);
  if (title === undefined) return 'there';
  const problem = new Problem('checkpoint-begun', `It does not lead to the start of the lesson: ${title}.`);
  onEvent?.({ kind: 'unusable', name, problem });
  if (manifest.kind === 'auto' && manifest.lesson === options.target.id) await dropCheckpoint(lab.home, name);
  return 'astray';
}

/** What was seen in these lessons belongs to a lab that is gone, or to another go. */
async function forget(lab: Lab, lessons: readonly CourseLesson<Lesson>[]): Promise<void> {
  const ids = lessons.map(({ id }) => id);
  await updateProgress(lab.home.progress, (progress) => withoutEvidence(progress, ids));
}

/** Why the lab that is there cannot be led to the start of the target, or undefined where it can. */
async function reasonToRebuild(options: GotoOptions): Promise<string | undefined> {
  const { catalog, lab, grader, target } = options;
  const stage = lab.stage();
  if (!stage) return undefined;
  if (stageIndex(stage) > stageIndex(target.stage)) return `the lab is already at stage "${stage}"`;

  const passed = new Set(lab.passed());
  const later = lessonsFrom(catalog, target).find(({ id, plan }) => passed.has(id) && leavesData(plan));
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
  if (!leavesData(target.plan)) await forget(lab, [target]);
  return notAtStart(options);
}

/** What keeps the lab from being at the start of the target, once the target's file is as it begins. */
async function notAtStart(options: GotoOptions): Promise<string | undefined> {
  let title = await alreadyBegun(options);
  const { file } = options.target.plan;
  if (title !== undefined && file !== undefined) title = await beginFile(options, file);
  return title === undefined ? undefined : `"${title}" is not as it is at the start`;
}

/** The first check of the target that is not as it is at the start. */
async function alreadyBegun({ grader, target }: GotoOptions): Promise<string | undefined> {
  // What is wrong with an earlier lesson by now, or with this one before it begins, is nobody's mistake.
  return firstBegun(target.plan, await lookOnce(grader, target, 'course'))?.title;
}

/** Brings the target's file back to where it begins. Gives the first check that is not as it is at the start even so. */
async function beginFile(options: GotoOptions, file: string): Promise<string | undefined> {
  const { catalog, lab, target } = options;
  const before = fileFoundations(catalog, target).map(({ plan }) => plan);
  const kept = restoreLessonFile(lab.home, { file, before, places: await lab.places(target.stage) });
  if (kept !== undefined) tellOf(options, { kind: 'file', file, became: 'restored', kept });
  let title = await alreadyBegun(options);
  // Whoever reads the file needs a moment to see; that of the stage is only read when it comes up.
  const until = Date.now() + (file === ownCompose.file ? 0 : rereadWithin);
  for (; title !== undefined && Date.now() < until; title = await alreadyBegun(options)) await delay(pause);
  return title;
}

async function rebuild({ lab, catalog, onEvent }: GotoOptions, reason: string): Promise<void> {
  onEvent?.({ kind: 'rebuild', reason });
  await lab.down({ purge: true }, onEvent);
  // An empty lab begins with the servers that the stage has, not with those that were added to it.
  tellOf({ onEvent }, restoreCompose(lab));
  await beginAgain(lab, catalog.lessons);
}
