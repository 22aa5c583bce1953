import { styleText } from 'node:util';
import { fileProblem } from '../../machine/file-problem.js';
import { Problem } from '../../problem.js';

type Style = Parameters<typeof styleText>[0];

const coloured =
  (process.stdout.isTTY ?? false) && !process.env.NO_COLOR && process.env.TERM !== 'dumb' && !process.env.CI;

/** Colour where it helps and is wanted; what is said never depends on it. */
export function paint(style: Style, text: string): string {
  return coloured ? styleText(style, text) : text;
}

/** One line on stdout. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** One line on stderr: progress and problems, so that stdout stays what was asked for. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The one document that `--json` promises. */
export function sayJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** Tells of an error, as text or as the `--json` document, and returns the exit code that goes with it. */
export function report(error: unknown, json: boolean): number {
  const problem = error instanceof Problem ? error : (machineProblem(error) ?? courseFault(error));
  if (json) {
    const { code, message, remedy } = problem;
    sayJson({ error: { code, message, ...(remedy === undefined ? {} : { remedy }) } });
  } else {
    tell(`${paint('red', 'error:')} ${problem.message}`);
    if (problem.remedy) tell(problem.remedy);
  }
  return problem.exitCode;
}

/** What the machine refuses may be met anywhere, and is no fault of the course. */
function machineProblem(error: unknown): Problem | undefined {
  const { code = '', path } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'EMFILE' || code === 'ENFILE') {
    return new Problem('too-many-files', 'The system lets this process open no more files.', {
      remedy: 'Raise the limit of your shell and try again: ulimit -n 1024',
      cause: error,
    });
  }
  const found = fileProblem(error, path ?? 'a file of the course');
  return found instanceof Problem ? found : undefined;
}

function courseFault(error: unknown): Problem {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Problem('course-fault', `The course made a mistake of its own:\n${what}`, {
    remedy: 'What you did so far is saved. Please report this with the lines above.',
  });
}
