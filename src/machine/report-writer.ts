import { dropped } from './debug-log.js';
import { identify } from './process-table.js';

/** What a process says of itself in each report that it writes. */
export interface ReportWriter {
  readonly pid: number;
  /** Tells it from a later process with the same pid. */
  readonly processStartedAt: string;
  /** When the report was written, in milliseconds since the epoch. */
  readonly at: number;
}

/** A pid in a report this fresh is no other process's yet: only an older one is worth looking up. */
const freshFor = 3_000;

/** Whether the process that wrote a report is still there. At once, for whoever asks each second. */
export function writerLives({ pid, processStartedAt, at }: ReportWriter): boolean {
  try {
    if (Date.now() - at < freshFor) return process.kill(pid, 0);
    return identify(pid).startedAt === processStartedAt;
  } catch (error) {
    dropped(error);
    return false;
  }
}
