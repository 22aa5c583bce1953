import { openCourseLab } from '../course-lab.js';
import { prepareHome, resolveHome } from '../home.js';
import { endBrokenHold } from '../lab/checkpoint/recover.js';
import type { Lab } from '../lab/lab.js';
import { ExitCode, Problem } from '../problem.js';
import type { CommonOptions } from './options.js';

/** What a command that works on the lab is given. */
export interface LabContext {
  readonly lab: Lab;
  /** Aborted by Ctrl-C, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
}

/**
 * Gives `work` a signal that Ctrl-C, SIGTERM and the end of its terminal abort. What is broken off so throws
 * `interrupted`; a second one ends it at once.
 */
export async function withInterruption<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  // Not `once`: execa ends this process at once where nobody else listens any more, and nothing would be tidied up.
  const interrupt = (): void => {
    if (interruption.signal.aborted) process.exit(ExitCode.interrupted);
    interruption.abort(brokenOff());
  };
  for (const name of interrupting) process.on(name, interrupt);
  try {
    return await work(interruption.signal);
  } catch (cause) {
    // Streams, timers and child processes break off with an error of their own, which does not tell why.
    if (isAbort(cause)) interruption.signal.throwIfAborted();
    throw cause;
  } finally {
    for (const name of interrupting) process.removeListener(name, interrupt);
  }
}

const interrupting = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function isAbort(cause: unknown): boolean {
  const { name, code, isCanceled } = cause as { name?: string; code?: string; isCanceled?: boolean };
  return name === 'AbortError' || code === 'ABORT_ERR' || code === 'UND_ERR_ABORTED' || isCanceled === true;
}

function brokenOff(): Problem {
  return new Problem('interrupted', 'Broken off.', {
    remedy: 'What was done so far stays, and the same command goes on from there.',
  });
}

/** Opens the lab of the home that the options name. Ctrl-C ends the process as it does any other. */
export async function openOwnLab(options: CommonOptions): Promise<Lab> {
  const home = resolveHome(options.home);
  prepareHome(home);
  const lab = await openCourseLab(home, { runtime: options.runtime, portOffset: options.portOffset });
  await endBrokenHold(lab);
  return lab;
}

/** Opens the lab for `work` that takes its time, and turns Ctrl-C, SIGTERM and SIGHUP into its signal. */
export function withLab<T>(options: CommonOptions, work: (context: LabContext) => Promise<T>): Promise<T> {
  return withInterruption(async (signal) => work({ lab: await openOwnLab(options), signal }));
}
