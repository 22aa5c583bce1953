import { constants } from 'node:os';

const signals = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

export interface ExitPaths {
  /**
   * While a program has the terminal, Ctrl-C and Ctrl-\ in it reach its whole process group, and so this process
   * too: they are the program's. Returns the function that ends this.
   */
  leaveInterruptsToChild(): () => void;
  remove(): void;
}

/**
 * Sees to it that the terminal is given back however the process ends. `restore` has to be synchronous and may be
 * called more than once; `end` is told the exit code that a signal stands for (128 + its number).
 * Ink's own handling (signal-exit) ends the process with the alternate screen still on.
 */
export function installExitPaths(options: { restore: () => void; end: (code: number) => void }): ExitPaths {
  let interruptsAreOurs = true;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGINT' && !interruptsAreOurs) return;
    options.restore();
    options.end(128 + constants.signals[signal]);
  };
  const ignore = (): void => {};
  // Also reached by process.exit() and by an uncaught exception, before Node prints it.
  process.on('exit', options.restore);
  for (const signal of signals) process.on(signal, onSignal);

  return {
    leaveInterruptsToChild() {
      interruptsAreOurs = false;
      process.on('SIGQUIT', ignore);
      return () => {
        interruptsAreOurs = true;
        process.off('SIGQUIT', ignore);
      };
    },
    remove() {
      process.off('exit', options.restore);
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
