import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Passes an error over: what failed was only tried, or is shown as a state of the lab. With `--debug`, or MSC_DEBUG=FILE,
 * it is noted in that file, with the process that it came from.
 */
export function dropped(error: unknown): undefined {
  const file = process.env.MSC_DEBUG;
  if (!file) return undefined;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  try {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, `${new Date().toISOString()} process ${process.pid} passed over: ${text}\n`);
  } catch {
    // A log that cannot be written must not end what goes well without it.
  }
  return undefined;
}
