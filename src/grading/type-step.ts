import type { CourseLesson } from '../course/types.js';
import type { Lab } from '../lab/lab.js';
import { Problem } from '../problem.js';
import { keepAnswer } from './answers.js';
import { fill } from './fill.js';
import type { Grader } from './grader.js';
import type { Lesson, Step } from './lesson.js';

/** What typing one step looked like. */
export interface Typed {
  /** Where: a service, or the question that was answered. */
  readonly at: string;
  /** What was typed. */
  readonly input: string;
  /** What the shell printed, prompts included, as a learner would see it. */
  readonly output: string;
}

/** Milliseconds one step may take before it is given up: the data set is loaded within it on a slow disk. */
const deadline = 180_000;

/** Types one step for real: lines into the service's own shell, or an answer to a question. */
export async function typeStep(
  step: Step,
  {
    lab,
    grader,
    lesson,
    signal,
  }: { lab: Lab; grader: Grader; lesson: CourseLesson<Lesson>; signal?: AbortSignal },
): Promise<Typed> {
  if (step.kind === 'answer') {
    const value = typeof step.value === 'string' ? step.value : await step.value(await grader.view(lesson));
    await keepAnswer(lab.home, lesson, step.question, value);
    return { at: step.question, input: value, output: '' };
  }
  const { execa } = await import('execa');
  const input = fill(step.lines, lab.runtime).trim();
  const shell = await lab.runtime.shell(step.service, { terminal: false });
  const result = await execa(shell.file, [...shell.args], {
    env: { ...shell.env },
    input: `${input}\n`,
    all: true,
    reject: false,
    timeout: deadline,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  signal?.throwIfAborted();
  if (result.exitCode !== 0) {
    throw new Problem('shell-failed', `The shell on ${step.service} ended with: ${lastLine(result.all)}`, {
      remedy: `See whether it runs: mongo-scale-course status`,
    });
  }
  return { at: step.service, input, output: result.all.trim() };
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? 'nothing';
}
