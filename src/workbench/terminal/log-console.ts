import { Console } from 'node:console';
import { appendFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { dropped } from '../../machine/debug-log.js';
import { ensureFolder } from '../../machine/ensure-folder.js';

/**
 * Sends what anything prints through `console` or to `process.stderr` (Node's own warnings too) to a file: on the
 * full screen it would land across the panes. Returns the function that undoes this.
 */
export function logConsole(file: string): () => void {
  const before = { ...globalThis.console };
  const stderrWrite = process.stderr.write;
  const append = (text: string | Uint8Array): void => {
    try {
      ensureFolder(dirname(file));
      appendFileSync(file, text);
    } catch (error) {
      dropped(error);
      // A log that cannot be written must not end the course: the folder may be gone (`down --purge`).
    }
  };
  const log = new Writable({
    write(chunk: Buffer, _encoding, done) {
      append(chunk);
      done();
    },
  });
  // Only the methods that print: the inspector's own (timeStamp, which React uses) exist on the first console alone.
  Object.assign(globalThis.console, printing(new Console({ stdout: log, stderr: log })));
  process.stderr.write = ((chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    append(chunk);
    const done = rest.find((value) => typeof value === 'function') as (() => void) | undefined;
    done?.();
    return true;
  }) as typeof process.stderr.write;

  return () => {
    Object.assign(globalThis.console, before);
    process.stderr.write = stderrWrite;
  };
}

function printing(console: Console): Partial<Console> {
  const methods = [
    'log',
    'info',
    'debug',
    'warn',
    'error',
    'trace',
    'dir',
    'dirxml',
    'table',
    'group',
    'assert',
  ] as const;
  return Object.fromEntries(methods.map((method) => [method, console[method].bind(console)]));
}
