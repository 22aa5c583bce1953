import { attemptToKeep, updateProgress, withLesson } from '../course/progress.js';
import type { CourseLesson } from '../course/types.js';
import type { Grader } from '../grading/grader.js';
import type { LessonVerdict } from '../grading/verdict.js';
import type { Lab } from '../lab/lab.js';
import type { Lesson } from '../lesson/lesson.js';
import { typeStep } from './run-step.js';
import type { Typed, TypeInto, Typing } from './typing.js';
import { openUnseenShells } from './unseen-shells.js';

/** Milliseconds that a cluster has to settle after the last step (elections, chunk moves), besides `holdFor`. */
const settleWithin = 45_000;
const pause = 150;

export type SolveEvent =
  | { readonly kind: 'typing'; readonly typing: Typing }
  | { readonly kind: 'typed'; readonly typed: Typed }
  /** How the checks stand after a step. */
  | { readonly kind: 'looked'; readonly verdict: LessonVerdict }
  | { readonly kind: 'verdict'; readonly verdict: LessonVerdict };

interface SolveOptions {
  lab: Lab;
  grader: Grader;
  lesson: CourseLesson<Lesson>;
  onEvent?: (event: SolveEvent) => void;
  signal?: AbortSignal | undefined;
  /** Told before each step, which waits for it. */
  begin?: ((typing: Typing) => Promise<void>) | undefined;
  /** Who types into shells; default: shells without a terminal, which end with the lesson. */
  typeInto?: TypeInto | undefined;
}

/**
 * Does the steps of a lesson's solution for real, then looks until every check passes or the cluster has had its
 * time. Of a lesson that is skipped here nothing is done.
 */
export async function solve(options: SolveOptions): Promise<LessonVerdict> {
  if (options.typeInto) return solveInto(options.typeInto, options);
  const shells = openUnseenShells(options.lab, options.signal);
  try {
    return await solveInto(shells.type, options);
  } finally {
    await shells.close();
  }
}

async function solveInto(typeInto: TypeInto, options: SolveOptions): Promise<LessonVerdict> {
  const { lab, grader, lesson, onEvent, signal, begin } = options;
  const skipped = lesson.plan.skipWithout && (await skippedVerdict(grader, lesson));
  if (skipped) {
    onEvent?.({ kind: 'verdict', verdict: skipped });
    return skipped;
  }
  await updateProgress(lab.home.progress, (progress) => {
    const before = progress.lessons[lesson.id];
    if (before?.helpedAt !== undefined) return progress;
    // The course's answers are written over the learner's: what he predicted and measured stays his last go.
    const lastGo = before && attemptToKeep(before);
    return withLesson(progress, lesson.id, { helpedAt: new Date().toISOString(), ...(lastGo && { lastGo }) });
  });
  for (const step of lesson.plan.solution) {
    const onTyping = async (typing: Typing) => {
      onEvent?.({ kind: 'typing', typing });
      await begin?.(typing);
    };
    const typed = await typeStep(step, { lab, grader, lesson, signal, onTyping, typeInto });
    onEvent?.({ kind: 'typed', typed });
    // As whoever watches would: what is true for a moment only, and kept as an event, is over when the last step is.
    const { verdict } = await grader.round(lesson, 'course');
    onEvent?.({ kind: 'looked', verdict });
  }
  const verdict = await lookUntilPassed(grader, lesson, signal);
  onEvent?.({ kind: 'verdict', verdict });
  return verdict;
}

async function skippedVerdict(
  grader: Grader,
  lesson: CourseLesson<Lesson>,
): Promise<LessonVerdict | undefined> {
  const { verdict } = await grader.round(lesson, 'course');
  return verdict.skipped === undefined ? undefined : verdict;
}

/** Looks again and again until the lesson is passed or its time is over; returns the last verdict. */
export async function lookUntilPassed(
  grader: Grader,
  lesson: CourseLesson<Lesson>,
  signal?: AbortSignal,
): Promise<LessonVerdict> {
  const longestHold = Math.max(0, ...lesson.plan.checks.map(({ holdFor }) => holdFor));
  const until = Date.now() + settleWithin + longestHold;
  for (;;) {
    signal?.throwIfAborted();
    const { verdict } = await grader.round(lesson, 'course');
    if (verdict.passed || Date.now() > until) return verdict;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Looks once, and again only while a check is waiting for its `holdFor` to be over. */
export async function lookOnce(
  grader: Grader,
  lesson: CourseLesson<Lesson>,
  by?: 'learner' | 'course',
): Promise<LessonVerdict> {
  for (;;) {
    const { verdict, holding } = await grader.round(lesson, by);
    if (!holding) return verdict;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
