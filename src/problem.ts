import { type ProblemCode, problemTable } from './problem-codes.js';

/** Exit codes of every command (see README, "Commands"). `interrupted` is the shells' own for Ctrl-C: 128 + SIGINT. */
export const ExitCode = { ok: 0, notPassed: 1, usage: 2, environment: 3, interrupted: 130 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

interface ProblemOptions {
  /** What the person can do next, as a sentence or a command that can be typed as it stands. */
  remedy?: string | undefined;
  cause?: unknown;
}

/**
 * An error meant for people: what happened and what it means (`message`), what to do next (`remedy`).
 * `code` is a stable kebab-case word that scripts may rely on (`port-taken`, `unknown-lesson`): see `problemTable`.
 * Whatever is thrown and is not a `Problem` is a fault of the course and is shown as one.
 */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly remedy: string | undefined;
  readonly exitCode: ExitCode;

  constructor(code: ProblemCode, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.remedy = options.remedy;
    this.exitCode = ExitCode[problemTable[code].exit];
  }
}

/** The codes of wrong use of a command: exit code 2. */
type UsageCode = {
  [Code in ProblemCode]: (typeof problemTable)[Code]['exit'] extends 'usage' ? Code : never;
}[ProblemCode];

/** A `Problem` for wrong use of a command. */
export function usageProblem(code: UsageCode, message: string, remedy?: string): Problem {
  return new Problem(code, message, { remedy });
}
