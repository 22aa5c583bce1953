import { prepareHome, resolveHome } from '../home.js';
import { endBrokenHold } from '../lab/checkpoint/recover.js';
import { type Lab, openLab } from '../lab/lab.js';
import { ExitCode, Problem } from '../problem.js';
import type { CommonOptions } from './options.js';

/** What a command that works on the lab is given. */
export interface LabContext {
  readonly lab: Lab;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** Gives `work` a signal that Ctrl-C and SIGTERM abort. What is broken off so throws `interrupted`; a second one ends it at once. */
export async function withInterruption<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  // Not `once`: execa ends this process at once where nobody else listens any more, and nothing would be tidied up.
  const interrupt = (): void => {
    if (interruption.signal.aborted) process.exit(ExitCode.interrupted);
    interruption.abort(brokenOff());
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await work(interruption.signal);
  } finally {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }
}

function brokenOff(): Problem {
  return new Problem('interrupted', 'Broken off.', {
    remedy: 'What was done so far stays, and the same command goes on from there.',
    exitCode: ExitCode.interrupted,
  });
}

/** Opens the lab of the home that the options name. Ctrl-C ends the process as it does any other. */
export async function openOwnLab(options: CommonOptions): Promise<Lab> {
  const home = resolveHome(options.home);
  prepareHome(home);
  const lab = await openLab(home, { runtime: options.runtime, portOffset: options.portOffset });
  await endBrokenHold(lab);
  return lab;
}

/** Opens the lab for `work` that takes its time, and turns Ctrl-C and SIGTERM into its signal. */
export function withLab<T>(options: CommonOptions, work: (context: LabContext) => Promise<T>): Promise<T> {
  return withInterruption(async (signal) => work({ lab: await openOwnLab(options), signal }));
}
