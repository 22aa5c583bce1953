import type { Invocation } from '../../lab/runtime.js';
import type { ExitPaths } from './exit-paths.js';
import type { Keyboard } from './keyboard.js';
import type { Screen } from './screen.js';

/** What is handed over and taken back. */
export interface HandOverTerminal {
  readonly screen: Pick<Screen, 'enter' | 'leave'>;
  readonly keyboard: Pick<Keyboard, 'release' | 'listen'>;
  readonly exitPaths: Pick<ExitPaths, 'leaveInterruptsToChild'>;
  /** False once the learner has quit: a program that was still being prepared is not started then. */
  readonly isOpen: () => boolean;
  /** Writes to the normal screen. */
  readonly print: (text: string) => void;
}

/** How a program that had the terminal ended. */
export interface HandOverResult {
  /** Undefined when a signal ended it or it could not be started. */
  readonly exitCode: number | undefined;
  /** Why it could not be started: `ENOENT`, `EACCES`. */
  readonly failure: string | undefined;
}

/** Gives a terminal to a program until it ends. */
export type HandOver = (invocation: Invocation, greeting: string) => Promise<HandOverResult>;

/**
 * Gives the terminal to a program and takes it back when the program ends. `greeting` is printed above it, on
 * the normal screen, where what was typed stays to be scrolled back to.
 */
export async function runInForeground(
  invocation: Invocation,
  greeting: string,
  terminal: HandOverTerminal,
): Promise<HandOverResult> {
  // Loaded when it is needed: the first frame does without.
  const { execa } = await import('execa');
  if (!terminal.isOpen()) return { exitCode: undefined, failure: undefined };
  await terminal.keyboard.release();
  terminal.screen.leave();
  terminal.print(greeting);
  const interruptsAreOurs = terminal.exitPaths.leaveInterruptsToChild();
  try {
    const child = execa(invocation.file, [...invocation.args], {
      stdio: 'inherit',
      reject: false,
      cleanup: false,
      env: { ...invocation.env },
    });
    // An interactive shell ignores SIGTERM; losing its terminal is what ends it when the course goes first.
    const hangUp = (): void => void child.kill('SIGHUP');
    process.on('exit', hangUp);
    const result = await child;
    process.off('exit', hangUp);
    return { exitCode: result.exitCode, failure: result.exitCode === undefined ? result.code : undefined };
  } finally {
    interruptsAreOurs();
    terminal.screen.enter();
    terminal.keyboard.listen();
  }
}
