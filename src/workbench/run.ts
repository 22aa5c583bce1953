import type { CourseSession, LabStanding } from './course-session.js';
import { type MountedWorkbench, mountWorkbench } from './mount.js';
import { installExitPaths } from './terminal/exit-paths.js';
import { handOver } from './terminal/hand-over.js';
import { createKeyboard } from './terminal/keyboard.js';
import { logConsole } from './terminal/log-console.js';
import { createScreen } from './terminal/screen.js';

interface RunOptions {
  readonly session: CourseSession;
  readonly logFile: string;
}

/** How long a session may take to close after a signal: whoever sent it may send a harder one soon. */
const closingMs = 1000;

/** The workbench on this process's terminal; resolves when the learner quits. */
export async function runWorkbench({ session, logFile }: RunOptions): Promise<void> {
  const restoreConsole = logConsole(logFile);
  let lab: LabStanding | undefined;
  try {
    lab = await onTerminal(session);
  } finally {
    restoreConsole();
    await session.close();
  }
  if (lab?.stage !== undefined) {
    process.stdout.write(`The lab goes on running (${lab.stage}). mongo-scale-course down stops it.\n`);
  }
}

/** Has the terminal until the learner quits; gives the lab's standing then. */
async function onTerminal(session: CourseSession): Promise<LabStanding | undefined> {
  const { stdin, stdout } = process;
  const screen = createScreen(stdout);
  const exitPaths = installExitPaths({
    restore() {
      screen.leave();
      stdin.setRawMode(false);
    },
    end: (code) => void closeWithin(closingMs, session).then(() => process.exit(code)),
  });
  let quit = (): void => {};
  const ended = new Promise<void>((resolve) => {
    quit = resolve;
  });
  const keyboard = createKeyboard(stdin, (key) => workbench.onKey(key));
  const workbench: MountedWorkbench = mountWorkbench({
    session,
    screen,
    handOver: (invocation, greeting) =>
      handOver(invocation, greeting, {
        screen,
        keyboard,
        exitPaths,
        print: (text) => stdout.write(text),
      }),
    quit,
  });
  try {
    screen.enter();
    keyboard.listen();
    await ended;
    return workbench.lab();
  } finally {
    workbench.unmount();
    keyboard.close();
    screen.close();
    exitPaths.remove();
  }
}

async function closeWithin(milliseconds: number, session: CourseSession): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  await Promise.race([session.close().catch(() => {}), late]);
}
