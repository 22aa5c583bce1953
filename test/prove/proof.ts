import { afterAll, describe, expect, type TestContext, test } from 'vitest';
import { readProgress, updateProgress, withoutEvidence } from '../../src/course/progress.js';
import type { CourseLesson } from '../../src/course/types.js';
import type { LessonVerdict } from '../../src/grading/verdict.js';
import type { RuntimeKind } from '../../src/lab/runtime.js';
import type { Lesson, Mistake } from '../../src/lesson/lesson.js';
import { goTo } from '../../src/replay/goto.js';
import { typeStep } from '../../src/replay/run-step.js';
import { lookOnce, solve } from '../../src/replay/solve.js';
import type { TestLab } from '../e2e/support/test-lab.js';
import { mistakesToMake, onlyAnswers, type Scope } from './mistakes.js';
import { keepStart } from './restart.js';
import type { Start } from './start.js';
import { type Transcript, withTranscript } from './transcript.js';

/** Milliseconds a mistake has to be recognized after it was made: elections and retries come first. */
const recognizedWithin = 30_000;

/**
 * Milliseconds for each test: the way to a stage's first lesson is every stage before it, a minute where nothing else
 * runs and five where eight others want the same two cores; and an exam takes two minutes.
 */
const timeout = 600_000;

export interface ProofOptions {
  readonly runtime: RuntimeKind;
  readonly scope: Scope;
  /** Milliseconds since the epoch: a lesson whose turn comes later is skipped, and said to be. */
  readonly notAfter?: number | undefined;
}

/**
 * Proves one lesson on a live lab: not passed at its start; each mistake, made for real, is named as that mistake; the
 * solution, typed for real, passes every check and gives every measurement its value; a second look still passes.
 */
export function proveLesson(
  lesson: CourseLesson<Lesson>,
  testLab: () => TestLab,
  { runtime, scope, notAfter }: ProofOptions,
): void {
  const mistakes = mistakesToMake(lesson.plan, runtime, scope);
  let start: Start | undefined;
  let isTooLate = false;
  /** Why this machine cannot do the lesson. Under CI it has to. */
  let leftOut: string | undefined;
  let hasBegun = false;
  /** Whether something was typed since the start was kept. */
  let isUsed = false;
  /** Each test begins at the start, also after one that failed half-way: in another state it would prove nothing. */
  const demandStart = async ({ skip }: TestContext): Promise<void> => {
    if (isTooLate) skip('no time was left for it');
    if (leftOut !== undefined && !process.env.CI) skip(leftOut);
    if (!hasBegun) throw new Error('The lab was not brought to the start of the lesson: see its first test.');
    if (isUsed) await start?.restore();
    isUsed = true;
  };

  describe.sequential(lesson.id, { timeout }, () => {
    afterAll(() => start?.discard());

    test('is not passed at its start, and the course can look at every check', async (context) => {
      isTooLate = notAfter !== undefined && Date.now() > notAfter;
      if (isTooLate) context.skip('no time was left for it');
      await withTranscript(async (transcript) => {
        ({ skipped: leftOut } = await proveStart(lesson, testLab(), transcript));
      });
      if (leftOut !== undefined && process.env.CI)
        throw new Error(`Under CI it may not be left out: ${leftOut}`);
      if (!mistakes.every(onlyAnswers)) start = await keepStart(testLab(), lesson);
      hasBegun = true;
    });

    for (const mistake of mistakes) {
      test(`names the mistake ${mistake.id}`, async (context) => {
        await demandStart(context);
        try {
          await withTranscript((transcript) =>
            makeMistake(mistake, { lesson, testLab: testLab(), transcript }),
          );
        } finally {
          if (onlyAnswers(mistake)) {
            await forgetAnswers(testLab(), lesson);
            isUsed = false;
          }
        }
      });
    }

    if (typeof scope !== 'string') return;
    test('its solution, typed for real, passes every check and is measured, and a second look passes too', async (context) => {
      await demandStart(context);
      await withTranscript((transcript) => proveSolution(lesson, testLab(), transcript));
    });
  });
}

interface Doing {
  readonly lesson: CourseLesson<Lesson>;
  readonly testLab: TestLab;
  readonly transcript: Transcript;
}

async function proveStart(
  lesson: CourseLesson<Lesson>,
  { lab, grader, catalog }: TestLab,
  { onGoto }: Transcript,
): Promise<LessonVerdict> {
  await goTo({ catalog, lab, grader, target: lesson, onEvent: onGoto });
  const verdict = await lookOnce(grader, lesson);
  expect(unearned(lesson, verdict)).toEqual([]);
  expect(verdict.checks.filter(({ state }) => state === 'error' || state === 'wrong')).toEqual([]);
  expect(verdict.passed).toBe(false);
  return verdict;
}

async function makeMistake(mistake: Mistake, { lesson, testLab, transcript }: Doing): Promise<void> {
  const { lab, grader } = testLab;
  const onTyping = transcript.typing;
  for (const step of mistake.after) transcript.typed(await typeStep(step, { lab, grader, lesson, onTyping }));
  expectOneTry(transcript, mistake.after);
  const named = await untilNamed(mistake.id, testLab, lesson);
  expect(named.explanation).toBeTruthy();
  expect(named.observed).toBeTruthy();
  expect(readProgress(lab.home.progress).lessons[lesson.id]?.mistakes).toHaveProperty(mistake.id);
}

async function proveSolution(
  lesson: CourseLesson<Lesson>,
  { lab, grader }: TestLab,
  transcript: Transcript,
): Promise<void> {
  const { onEvent } = transcript;
  const verdict = await solve({ lab, grader, lesson, onEvent });
  expect(verdict.checks.filter(({ state }) => state !== 'pass')).toEqual([]);
  expect(verdict.measured.filter(({ value }) => value === undefined)).toEqual([]);
  expectOneTry(transcript, lesson.plan.solution);
  const again = await lookOnce(grader, lesson);
  expect(again.checks.filter(({ state }) => state !== 'pass')).toEqual([]);
}

/** On a busy machine an exam may be begun again. Under CI that would hide an exam that only passes now and then. */
function expectOneTry(transcript: Transcript, steps: readonly { readonly kind: string }[]): void {
  if (!process.env.CI) return;
  const meant = steps.filter(({ kind }) => kind === 'exam').length;
  expect(transcript.exams(), 'exams that were begun').toBe(meant);
}

async function forgetAnswers({ lab }: TestLab, { id }: CourseLesson<Lesson>): Promise<void> {
  await updateProgress(lab.home.progress, (progress) => withoutEvidence(progress, [id]));
}

/** Checks that ask for work and are passed before any was done. */
function unearned(lesson: CourseLesson<Lesson>, verdict: LessonVerdict): string[] {
  return verdict.checks
    .filter(({ state }, index) => state === 'pass' && !lesson.plan.checks[index]?.holdsAtStart)
    .map(({ title }) => title);
}

async function untilNamed(id: string, { grader }: TestLab, lesson: CourseLesson<Lesson>) {
  const deadline = Date.now() + recognizedWithin;
  for (;;) {
    const verdict = await lookOnce(grader, lesson);
    const named = verdict.checks.find(({ mistake }) => mistake === id);
    if (named) return named;
    if (Date.now() > deadline) {
      throw new Error(`"${id}" was made but not named. Seen: ${JSON.stringify(verdict.checks, null, 2)}`);
    }
  }
}
