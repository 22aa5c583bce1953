import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { dropped } from '../../machine/debug-log.js';

/** What is wrong with the learner's file, and where. */
export interface FileFault {
  readonly message: string;
  readonly line?: number | undefined;
}

/**
 * The learner's `cache.js` as it is now. What it exports is his: each use of it is checked. `version` is told from its
 * text (`fileVersion`).
 */
export type CacheFile = { readonly version: string } & (
  | { readonly kind: 'loaded'; readonly exports: Readonly<Record<string, unknown>> }
  | { readonly kind: 'broken'; readonly fault: FileFault }
);

/** Tells one text from another. */
export function fileVersion(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Milliseconds. Files are polled: changes made outside are not told to a container. */
const interval = 300;

/**
 * Loads a module of the learner's, and again whenever its text is another. `onLoad` hears of each, broken or not, one by
 * one. A file saved just before it is first looked at is noticed twice, and its figures would be begun anew in between.
 */
export function watchCacheFile(path: string, onLoad: (file: CacheFile) => Promise<void>): { close(): void } {
  let loading = Promise.resolve();
  let last: string | undefined;
  const load = () => {
    loading = loading.then(async () => {
      const file = await loadCacheFile(path);
      if (file.version === last) return;
      last = file.version;
      await onLoad(file);
    });
  };
  watchFile(path, { interval, persistent: false }, load);
  load();
  return { close: () => unwatchFile(path, load) };
}

let loaded = 0;

/** Reads the module as it is now. Never rejects: what is wrong with it is in the result. */
export async function loadCacheFile(path: string): Promise<CacheFile> {
  const version = fileVersion(await readFile(path, 'utf8').catch((error) => dropped(error) ?? ''));
  try {
    loaded += 1;
    // Under another name each time: Node keeps what it has loaded.
    const exports = (await import(`${pathToFileURL(path).href}?load=${loaded}`)) as Record<string, unknown>;
    return { kind: 'loaded', version, exports };
  } catch (error) {
    return { kind: 'broken', version, fault: await faultOf(error, path) };
  }
}

async function faultOf(error: unknown, path: string): Promise<FileFault> {
  const { name, message } = error as Error;
  const line = lineIn(error, path) ?? (name === 'SyntaxError' ? await lineOfSyntaxError(path) : undefined);
  return { message: `${name}: ${message}`, line };
}

/** The line of `path` that an error was thrown in, from its stack; undefined where it comes from elsewhere. */
export function lineIn(error: unknown, path: string): number | undefined {
  const frame = (error as Error).stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  const at = frame?.includes(pathToFileURL(path).href) ? /:(\d+):\d+\)?$/.exec(frame)?.[1] : undefined;
  return at === undefined ? undefined : Number(at);
}

/** Node keeps the line of a module's syntax error to itself, but for whom it tells on the command line. */
async function lineOfSyntaxError(path: string): Promise<number | undefined> {
  const checked = promisify(execFile)(process.execPath, ['--check', path], { timeout: 5_000 });
  const told = await checked.then(
    () => '',
    ({ stderr }: { stderr?: string }) => stderr ?? '',
  );
  const line = /^.*:(\d+)\r?\n/.exec(told)?.[1];
  return line === undefined ? undefined : Number(line);
}
