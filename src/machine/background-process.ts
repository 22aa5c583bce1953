import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from '../home.js';
import type { Problem } from '../problem.js';
import { killProcess, startDetached } from './detached-process.js';
import { lockHolder } from './lock.js';

/**
 * A process of the course's own beside a lab, which outlives whoever starts it: it holds a lock, so that a home has
 * one, and writes reports that name its pid and when they began (`startedAt`, milliseconds since the epoch).
 */
export interface BackgroundProcess<Report> {
  /** What it is called: `traffic`. */
  readonly name: string;
  /** The program, run by this very Node. */
  readonly script: string;
  /** What it is told, as JSON in its one argument. */
  readonly order: unknown;
  readonly lock: string;
  readonly log: string;
  /** How long it has to write its first report, in milliseconds. */
  readonly within: number;
  /** The last report, whoever wrote it. */
  readonly read: () => Report | undefined;
  /** What is thrown where there is one already. */
  readonly running: (pid: number) => Problem;
  /** What its log says of its end. */
  readonly lastWords: (log: string) => Promise<string | undefined>;
  /** What is thrown where it ends, or its time is over, without a report; with the last words of its log. */
  readonly notStarted: (words: string | undefined) => Problem;
}

/** The names of all such processes. */
export const backgroundProcesses: readonly string[] = ['exam', 'traffic'];

/** Starts it and resolves with its first report. Throws what `running` and `notStarted` make. */
export async function startBackgroundProcess<
  Report extends { readonly pid: number; readonly startedAt: number },
>(
  home: Home,
  { name, script, order, lock, log, within, read, running, lastWords, notStarted }: BackgroundProcess<Report>,
): Promise<Report> {
  const holder = await lockHolder(lock);
  if (holder) throw running(holder.pid);

  const begun = Date.now();
  const server = startDetached(
    {
      file: process.execPath,
      args: [script, JSON.stringify(order)],
      // As the lab's servers are marked: a purge finds it by that even where its notes are lost.
      env: { MSC_LAB: home.lab, MSC_SERVICE: name },
      cwd: home.root,
    },
    log,
  );
  const end = server.ended.then((code) => ({ code }));
  const deadline = Date.now() + within;
  for (;;) {
    const ended = await Promise.race([end, delay(20)]);
    const report = read();
    // An old one may name the same pid.
    if (report && report.pid === server.identity?.pid && report.startedAt >= begun) return report;
    if (ended) {
      // Two commands at once: one of them was quicker.
      const quicker = await lockHolder(lock);
      throw quicker ? running(quicker.pid) : notStarted(await lastWords(log));
    }
    if (Date.now() > deadline) {
      // Said not to have started, it must not begin when the machine has time again.
      if (server.identity) await killProcess(server.identity);
      throw notStarted(await lastWords(log));
    }
  }
}
