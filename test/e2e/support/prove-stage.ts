import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findStage, loadCatalog } from '../../../src/course/catalog.js';
import { readProgress, updateProgress, withoutEvidence } from '../../../src/course/progress.js';
import type { CourseLesson } from '../../../src/course/types.js';
import { goTo } from '../../../src/grading/goto.js';
import type { Lesson, Mistake } from '../../../src/grading/lesson.js';
import { lookOnce, solve } from '../../../src/grading/solve.js';
import { typeStep } from '../../../src/grading/type-step.js';
import type { LessonVerdict } from '../../../src/grading/verdict.js';
import type { RuntimeKind } from '../../../src/lab/runtime.js';
import { type Checkpoint, takeCheckpoint } from './checkpoint.js';
import { openTestLab, type TestLab } from './test-lab.js';

/** Milliseconds a mistake has to be recognised after it was made: elections and retries come first. */
const recognisedWithin = 30_000;

/**
 * Milliseconds for each test: the way to a stage's first lesson is every stage before it, a minute where nothing else
 * runs and five where eight others want the same two cores; and an exam that such a machine has spoilt is held again.
 */
const timeout = 600_000;

const catalog = await loadCatalog<Lesson>();

/** What runs the lab, and how its state is kept while a mistake is made. */
export interface ProofRuntime {
  readonly runtime: RuntimeKind;
  /**
   * Without one only mistakes are made that leave the lab as it was, which are answers: to bring back a lab of fifteen
   * containers takes longer than the mistake and its recognition, and those are proven on local processes.
   */
  readonly takeCheckpoint?: (testLab: TestLab) => Promise<Checkpoint>;
}

const onLocal: ProofRuntime = { runtime: 'local', takeCheckpoint };

/**
 * Proves every lesson of these stages on one live lab, in their order: not passed at its start; each mistake, made for
 * real, named as that mistake; the solution, typed for real, passes every check and
 * gives every measurement its value; a second look still passes.
 */
export function proveStage(
  stage: string | readonly string[],
  portOffset: number,
  on: ProofRuntime = onLocal,
): void {
  const stages = [stage].flat();
  describe.sequential(`the lessons of ${stages.join(', ')} prove themselves`, () => {
    let testLab: TestLab;
    beforeAll(async () => {
      testLab = await openTestLab(portOffset, on.runtime);
    });
    afterAll(() => testLab?.close());

    for (const lesson of stages.flatMap((id) => findStage(catalog, id).lessons)) {
      describe.sequential(lesson.id, { timeout }, () => proveLesson(lesson, () => testLab, on));
    }
  });
}

function proveLesson(lesson: CourseLesson<Lesson>, testLab: () => TestLab, on: ProofRuntime): void {
  const mistakes = lesson.plan.mistakes.filter(
    (mistake) =>
      mistake.runtimes.includes(on.runtime) && (on.takeCheckpoint !== undefined || onlyAnswers(mistake)),
  );
  let checkpoint: Checkpoint | undefined;
  afterAll(() => checkpoint?.discard());

  test('is not passed at its start, and the course can look at every check', async () => {
    const { lab, grader } = testLab();
    await goTo({ catalog, lab, grader, target: lesson });
    const verdict = await lookOnce(grader, lesson);
    expect(unearned(lesson, verdict)).toEqual([]);
    expect(verdict.checks.filter(({ state }) => state === 'error' || state === 'wrong')).toEqual([]);
    expect(verdict.passed).toBe(false);
    if (!mistakes.every(onlyAnswers)) checkpoint = await on.takeCheckpoint?.(testLab());
  });

  for (const mistake of mistakes) {
    test(`names the mistake ${mistake.id}`, async () => {
      const { lab, grader } = testLab();
      for (const step of mistake.after) await typeStep(step, { lab, grader, lesson });
      const named = await untilNamed(mistake.id, testLab(), lesson);
      expect(named.explanation).toBeTruthy();
      expect(named.observed).toBeTruthy();
      expect(readProgress(lab.home.progress).lessons[lesson.id]?.mistakes).toHaveProperty(mistake.id);
      if (onlyAnswers(mistake)) await forgetAnswers(testLab(), lesson);
      else await checkpoint?.restore();
    });
  }

  test('its solution, typed for real, passes every check and is measured, and a second look passes too', async () => {
    const { lab, grader } = testLab();
    const typed: string[] = [];
    const verdict = await solve({
      lab,
      grader,
      lesson,
      onEvent: (event) => {
        if (event.kind === 'typed') typed.push(event.typed.output);
      },
    });
    // What the servers answered says most of the time why a check is not passed.
    const notPassed = verdict.checks.filter(({ state }) => state !== 'pass');
    expect(notPassed, notPassed.length > 0 ? typed.join('\n') : undefined).toEqual([]);
    expect(verdict.measured.filter(({ value }) => value === undefined)).toEqual([]);
    expect((await lookOnce(grader, lesson)).checks.filter(({ state }) => state !== 'pass')).toEqual([]);
  });
}

/** Made by answering a question: the lab is as it was, and need not be brought back. */
function onlyAnswers({ after }: Mistake): boolean {
  return after.every(({ kind }) => kind === 'answer');
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
  const deadline = Date.now() + recognisedWithin;
  for (;;) {
    const verdict = await lookOnce(grader, lesson);
    const named = verdict.checks.find(({ mistake }) => mistake === id);
    if (named) return named;
    if (Date.now() > deadline) {
      throw new Error(`"${id}" was made but not named. Seen: ${JSON.stringify(verdict.checks, null, 2)}`);
    }
  }
}
