import { ExitCode, Problem } from '../problem.js';
import type { CourseSession } from './course-session.js';

export interface WorkbenchOptions {
  /** Called once the first frame is on the screen. */
  readonly openSession: () => Promise<CourseSession>;
  /** Where stray output goes while the screen is full: `course.log`. */
  readonly logFile: string;
}

/**
 * Opens the workbench on this process's terminal; resolves when the learner quits. SIGTERM, SIGHUP and SIGINT
 * give the terminal back and end the process with 128 + the signal's number.
 * Throws `no-terminal` (exit code 2) where stdin or stdout is none, with the commands that need none.
 */
export async function openWorkbench(options: WorkbenchOptions): Promise<void> {
  requireTerminal();
  const { runWorkbench } = await loadInterface();
  await runWorkbench(options);
}

/** Throws `no-terminal` where the workbench cannot be drawn. */
export function requireTerminal(): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return;
  throw new Problem(
    'no-terminal',
    'The workbench needs a terminal, and its input or output is a file or a pipe.',
    {
      exitCode: ExitCode.usage,
      remedy:
        'Without a terminal: mongo-scale-course list, up STAGE, check LESSON, solve LESSON, demo STAGE; all take --json.',
    },
  );
}

/**
 * Ink and chalk decide while they are loaded: whether there are colours (they know FORCE_COLOR, not NO_COLOR), and
 * whether React checks itself at every render. The environment is put back, for it is what shells inherit.
 */
async function loadInterface(): Promise<typeof import('./run.js')> {
  const before = { ...process.env };
  const noColour = (before.NO_COLOR ?? '') !== '' || before.TERM === 'dumb';
  if (noColour) process.env.FORCE_COLOR = '0';
  process.env.NODE_ENV ??= 'production';
  const loaded = await import('./run.js');
  for (const name of ['FORCE_COLOR', 'NODE_ENV']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  return loaded;
}
