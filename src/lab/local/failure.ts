import { dirname, join, relative, sep } from 'node:path';
import { cacheFolder } from '../../home.js';
import { tailLog } from '../../machine/log-file.js';
import { shellQuoted } from '../../machine/shell-quoted.js';
import { Problem } from '../../problem.js';
import type { Program } from '../compose/service.js';
import { failedStart, meaningOf, readable, silentStart } from '../failure.js';

/** `failedStart` with the log that lies at `log`. */
export async function startFailure(
  service: string,
  program: Program,
  end: number | string,
  { file, log }: { readonly file: string; readonly log: string },
): Promise<Problem> {
  const lines = await tailLog(log, 200);
  if (crashes.includes(end) && lines.length === 0) return damagedProgram(file, `it ended by ${end} at once`);
  return failedStart(service, program, end, lines);
}

/** How a program file ends that is cut off or overwritten; 126 and 127 are the loader's. */
const crashes: readonly (number | string)[] = ['SIGSEGV', 'SIGBUS', 126, 127];

/** The problem of a program file that cannot be run at all, with the way to have another. */
export function damagedProgram(file: string, why: string): Problem {
  const [name = ''] = relative(join(cacheFolder(), 'programs'), file).split(sep);
  const folder = name === '..' || name === '' ? undefined : join(cacheFolder(), 'programs', name);
  return new Problem('program-damaged', `${file} cannot be run: ${why}.`, {
    remedy:
      folder === undefined
        ? `Install it again, or remove it from ${dirname(file)}, so that the course takes another.`
        : `Fetch it again: rm -r ${shellQuoted(folder)} && mongo-scale-course pull`,
  });
}

/** The system's error where a program could not be started at all; undefined for any other error. */
export function spawnFailure(cause: unknown): string | undefined {
  const { syscall = '', code = '' } = cause as NodeJS.ErrnoException;
  return syscall.startsWith('spawn') ? code : undefined;
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
