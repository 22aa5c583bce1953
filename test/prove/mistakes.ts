import type { RuntimeKind } from '../../src/lab/runtime.js';
import type { Lesson, Mistake } from '../../src/lesson/lesson.js';

/**
 * How much of a lesson is proven besides its start and its solution. `answers`: the mistakes that are made by answering
 * a question, after which the lab is as it was; `all`: every mistake, the lab restored after each; `only`: the start and
 * this one mistake, for its author.
 */
export type Scope = 'answers' | 'all' | { readonly only: string };

/** The mistakes that are made of a lesson on this runtime. */
export function mistakesToMake(
  { mistakes }: Pick<Lesson, 'mistakes'>,
  runtime: RuntimeKind,
  scope: Scope,
): readonly Mistake[] {
  const possible = mistakes.filter(({ runtimes }) => runtimes.includes(runtime));
  if (scope === 'all') return possible;
  if (scope === 'answers') return possible.filter(onlyAnswers);
  return possible.filter(({ id }) => id === scope.only);
}

/** Made by answering a question: the lab is as it was, and need not be restored. */
export function onlyAnswers({ after }: Pick<Mistake, 'after'>): boolean {
  return after.every(({ kind }) => kind === 'answer');
}
