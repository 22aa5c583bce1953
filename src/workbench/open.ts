import type { LessonId } from '../course/types.js';
import { Problem } from '../problem.js';
import type { CourseSession } from './course-session.js';
import type { ThemeName } from './theme.js';

export interface WorkbenchOptions {
  /** Called once the first frame is on the screen. */
  readonly openSession: () => Promise<CourseSession>;
  /** Where stray output goes while the screen is full: `course.log`. */
  readonly logFile: string;
  /** Lessons whose solutions the course types itself into the shell pane, before the learner has the keys. */
  readonly demo?: readonly LessonId[] | undefined;
  /** The same course as lines of text, for screen readers, simple terminals and pipes. */
  readonly plain?: boolean | undefined;
  /** Which background its colours are for; default dark. */
  readonly theme?: ThemeName | undefined;
  /** Whether wheel and clicks are the workbench's; default no, so that the terminal's own selection works. */
  readonly mouse?: boolean | undefined;
}

/** True where the learner asked for plain mode, by the option or by what his environment says of his terminal. */
export function wantsPlain(plain: boolean, env: NodeJS.ProcessEnv = process.env): boolean {
  // Ink's own variable for screen readers; a dumb terminal cannot move its cursor.
  return plain || env.INK_SCREEN_READER === 'true' || env.TERM === 'dumb';
}

/**
 * Opens the workbench on this process's terminal; resolves when the learner quits. SIGTERM, SIGHUP and SIGINT
 * give the terminal back and end the process with 128 + the signal's number.
 * Throws `no-terminal` (exit code 2) where stdin or stdout is none, with what needs none; plain mode never does.
 */
export async function openWorkbench(options: WorkbenchOptions): Promise<void> {
  if (options.plain) {
    const { runPlain } = await import('./plain/run.js');
    return runPlain(options);
  }
  requireTerminal();
  const { runWorkbench } = await loadInterface(options.theme);
  await runWorkbench({ ...options, mouse: options.mouse ?? false });
}

/** Throws `no-terminal` where the workbench cannot be drawn. */
export function requireTerminal(): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return;
  throw new Problem(
    'no-terminal',
    'The workbench needs a terminal, and its input or output is a file or a pipe.',
    {
      remedy:
        'Without a terminal: mongo-scale-course --plain, or list, up STAGE, check LESSON, solve LESSON, demo STAGE; all take --json.',
    },
  );
}

/**
 * Ink, chalk and the theme decide while they are loaded whether there are colors (they know FORCE_COLOR, not
 * NO_COLOR) and which. The environment is put back, because shells inherit it.
 */
async function loadInterface(theme: ThemeName | undefined): Promise<typeof import('./run.js')> {
  const before = { ...process.env };
  const noColour = (before.NO_COLOR ?? '') !== '' || before.TERM === 'dumb';
  if (theme !== undefined) process.env.MSC_THEME = theme;
  if (noColour) process.env.FORCE_COLOR = '0';
  // Its libraries read the environment while they are loaded.
  const loaded = await import('./run.js');
  for (const name of ['FORCE_COLOR', 'MSC_THEME']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  return loaded;
}
