import type { LessonId } from '../course/types.js';
import { dropped } from '../machine/debug-log.js';
import type { CourseSession } from './course-session.js';
import { closeSession, closeSoon, type LastSeen, sayLabGoesOn } from './ending.js';
import { type MountedWorkbench, mountWorkbench } from './mount.js';
import { loadTerminal } from './shell/load-terminal.js';
import { installExitPaths } from './terminal/exit-paths.js';
import { createKeyboard } from './terminal/keyboard.js';
import { logConsole } from './terminal/log-console.js';
import { runInForeground } from './terminal/run-in-foreground.js';
import { createScreen } from './terminal/screen.js';

interface RunOptions {
  readonly openSession: () => Promise<CourseSession>;
  readonly logFile: string;
  /** Lessons whose solutions the course types itself. */
  readonly demo?: readonly LessonId[] | undefined;
  /** Whether the mouse is the workbench's; else it selects text, as the terminal has it. */
  readonly mouse: boolean;
}

/** The workbench on this process's terminal; resolves when the learner quits. Throws what `openSession` throws. */
export async function runWorkbench({ openSession, logFile, mouse, demo }: RunOptions): Promise<void> {
  const restoreConsole = logConsole(logFile);
  let seen: LastSeen | undefined;
  try {
    seen = await onTerminal({ openSession, mouse, demo });
  } finally {
    restoreConsole();
  }
  sayLabGoesOn(seen);
}

/** Has the terminal until the learner quits; gives what was seen last of the lab. */
async function onTerminal({ openSession, mouse, demo }: Omit<RunOptions, 'logFile'>): Promise<LastSeen> {
  const { stdin, stdout } = process;
  const screen = createScreen(stdout, { mouse });
  let session: Promise<CourseSession> | undefined;
  let endShells = (): void => {};
  const exitPaths = installExitPaths({
    restore() {
      try {
        screen.restore();
        stdin.setRawMode(false);
      } catch (error) {
        dropped(error);
        // After a SIGHUP there may be no terminal any more to give back.
      }
      endShells();
    },
    end: (code) => void closeSoon(session).then(() => process.exit(code)),
  });
  let open = true;
  let quit = (): void => {};
  const ended = new Promise<void>((resolve) => {
    quit = () => {
      open = false;
      resolve();
    };
  });
  const keyboard = createKeyboard(stdin, {
    onKey: (key) => workbench.onKey(key),
    onMouse: (action) => workbench.onMouse(action),
    onRaw: (input) => workbench.onRaw(input),
  });
  const workbench: MountedWorkbench = mountWorkbench({
    screen,
    runInForeground: (invocation, greeting) =>
      runInForeground(invocation, greeting, {
        screen,
        keyboard,
        exitPaths,
        isOpen: () => open,
        print: (text) => stdout.write(text),
      }),
    loadTerminal,
    demo: demo && { lessons: demo },
    quit: () => quit(),
  });
  endShells = workbench.shells.kill;
  try {
    screen.enter();
    keyboard.listen();
    session = openSession();
    await Promise.race([ended, session.then((opened) => workbench.connect(opened))]);
    await ended;
    return workbench.lastSeen();
  } finally {
    workbench.unmount();
    keyboard.close();
    screen.close();
    await workbench.shells.close();
    exitPaths.remove();
    await closeSession(session);
  }
}
