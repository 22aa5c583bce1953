/** Exit codes of every command (see README, "Commands"). `interrupted` is the shells' own for Ctrl-C: 128 + SIGINT. */
export const ExitCode = { ok: 0, notPassed: 1, usage: 2, environment: 3, interrupted: 130 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

interface ProblemOptions {
  /** What the person can do next, as a sentence or a command that can be typed as it stands. */
  remedy?: string | undefined;
  exitCode?: ExitCode;
  cause?: unknown;
}

/**
 * An error meant for people: what happened and what it means (`message`), what to do next (`remedy`).
 * `code` is a stable kebab-case word that scripts may rely on (`port-taken`, `unknown-lesson`).
 * Whatever is thrown and is not a `Problem` is a fault of the course and is shown as one.
 */
export class Problem extends Error {
  readonly code: string;
  readonly remedy: string | undefined;
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.remedy = options.remedy;
    this.exitCode = options.exitCode ?? ExitCode.environment;
  }
}

/** A `Problem` for wrong use of a command: exit code 2. */
export function usageProblem(code: string, message: string, remedy?: string): Problem {
  return new Problem(code, message, { remedy, exitCode: ExitCode.usage });
}
