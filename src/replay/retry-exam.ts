import { setTimeout as delay } from 'node:timers/promises';
import type { ExamReport } from '../exam/report.js';
import { Problem } from '../problem.js';

/** Milliseconds for one exam: it ends by itself within two minutes, a slow machine's looking for orders included. */
const within = 170_000;
const pause = 500;
/** How often it is begun at most. */
const tries = 3;

/** How an exam is begun and looked at. */
export interface ExamHall {
  start(): Promise<unknown>;
  read(): ExamReport | undefined;
}

/**
 * Holds an exam and waits until it is over; and again, as anybody would whose machine was busy with something else,
 * where it came to another end than was meant. Resolves with the last report, which says how many exams it took. Throws `exam-endless`, and what
 * beginning one throws.
 * @param meant whether this is the end that was meant: passed, or failed by a certain fault
 */
export async function holdUntilMeant(
  { start, read }: ExamHall,
  meant: (report: ExamReport) => boolean,
  signal?: AbortSignal,
): Promise<ExamReport> {
  for (let attempt = 1; ; attempt += 1) {
    await start();
    const report = await untilOver(read, signal);
    if (meant(report) || attempt === tries) return { ...report, tries: attempt };
  }
}

async function untilOver(read: ExamHall['read'], signal?: AbortSignal): Promise<ExamReport> {
  const end = Date.now() + within;
  for (;;) {
    const report = read();
    if (report && report.state !== 'running') return report;
    if (Date.now() > end) {
      throw new Problem('exam-endless', `The exam was not over after ${within / 1_000} s.`, {
        remedy: 'See how it stands: mongo-scale-course exam status',
      });
    }
    await delay(pause, undefined, { signal });
  }
}
