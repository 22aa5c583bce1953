import type { Problem } from '../../problem.js';
import { failedStart, meaningOf, readable, silentStart } from '../failure.js';
import type { Program } from '../service.js';
import { tailLog } from './log.js';

/** `failedStart` with the log that lies at `log`. */
export async function startFailure(
  service: string,
  program: Program,
  end: number | string,
  log: string,
): Promise<Problem> {
  return failedStart(service, program, end, await tailLog(log, 200));
}

/** `silentStart` with the log that lies at `log`. */
export async function startTimeout(service: string, seconds: number, log: string): Promise<Problem> {
  return silentStart(service, seconds, await tailLog(log, 3));
}

/** How a service ended that nobody stopped, from its log: the last error, else its last line. */
export async function lastWords(log: string): Promise<string | undefined> {
  const lines = await tailLog(log, 200);
  const meaning = meaningOf(lines);
  const failed = lines.findLast((line) => /^{.*"s":"[EF]"/.test(line)) ?? lines.at(-1);
  if (failed === undefined) return undefined;
  return meaning ? `${meaning} (log: ${readable(failed)})` : `last in its log: ${readable(failed)}`;
}
