import { createWriteStream } from 'node:fs';

/** Writes one line of what the router does, for whoever reads `logs router1`. */
export type Log = (message: string) => void;

/** One line a message, with the time, appended to `path` or written to standard output. */
export function createLog(path: string | undefined): Log {
  const out = path === undefined ? process.stdout : createWriteStream(path, { flags: 'a' });
  // A full disk or a closed pipe must not stop the router.
  out.on('error', () => {});
  return (message) => {
    out.write(`${new Date().toISOString()} ${message}\n`);
  };
}
