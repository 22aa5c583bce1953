import { existsSync, type FSWatcher, renameSync, watch } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from '../../home.js';

/** Where the output of a service is kept. */
export function logOf(home: Home, service: string): string {
  return join(home.logs, `${service}.log`);
}

/** Begins a new log for a new start; that of the start before is kept as `NAME.log.1`. */
export function rotateLog(path: string): void {
  if (existsSync(path)) renameSync(path, `${path}.1`);
}

/** The last lines of a log, at most `count`; empty where there is none. Reads no more than the last 256 KiB. */
export async function tailLog(path: string, count: number): Promise<readonly string[]> {
  const { lines } = await readEnd(path);
  return count > 0 ? lines.slice(-count) : [];
}

/**
 * The last `tail` lines (default: all of the last 256 KiB), then, with `follow`, each line as it is written,
 * also after a restart has begun a new file. Ends when `signal` aborts.
 */
export async function* readLog(
  path: string,
  options: { tail?: number; follow?: boolean; signal?: AbortSignal },
): AsyncGenerator<string> {
  const { lines, end, inode } = await readEnd(path);
  yield* options.tail === undefined ? lines : options.tail > 0 ? lines.slice(-options.tail) : [];
  if (!options.follow) return;
  yield* followLog(path, { end, inode }, options.signal);
}

async function* followLog(
  path: string,
  from: { end: number; inode: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const changes = watchFolder(dirname(path));
  let { end, inode } = from;
  let rest = '';
  try {
    while (!signal?.aborted) {
      const now = await stat(path).catch(() => undefined);
      if (now && now.ino !== inode) [end, inode, rest] = [0, now.ino, ''];
      if (now && now.size > end) {
        const text = rest + (await readRange(path, end, now.size));
        end = now.size;
        const lines = text.split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
        continue;
      }
      await changes.next(signal);
    }
  } finally {
    changes.close();
  }
}

/** Waits for changes in a folder: woken by the system, and every second where it cannot (network file systems). */
function watchFolder(folder: string): {
  next(signal: AbortSignal | undefined): Promise<void>;
  close(): void;
} {
  let wake = new AbortController();
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(folder, () => wake.abort());
    watcher.on('error', () => watcher?.close());
  } catch {
    // Not every file system can be watched: the clock below is enough.
  }
  return {
    async next(signal) {
      const either = signal ? AbortSignal.any([signal, wake.signal]) : wake.signal;
      await delay(1_000, undefined, { signal: either }).catch(() => undefined);
      if (wake.signal.aborted) wake = new AbortController();
    },
    close: () => watcher?.close(),
  };
}

async function readEnd(path: string): Promise<{ lines: readonly string[]; end: number; inode: number }> {
  const file = await stat(path).catch(() => undefined);
  if (!file) return { lines: [], end: 0, inode: 0 };
  const begin = Math.max(0, file.size - 256 * 1024);
  const text = await readRange(path, begin, file.size);
  const end = text.lastIndexOf('\n') + 1;
  // Where the file is longer than what is read, the first line is cut.
  const complete = text.slice(begin === 0 ? 0 : text.indexOf('\n') + 1, end);
  return {
    lines: complete === '' ? [] : complete.slice(0, -1).split('\n'),
    end: begin + Buffer.byteLength(text.slice(0, end)),
    inode: file.ino,
  };
}

async function readRange(path: string, begin: number, end: number): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(end - begin), position: begin });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file?.close();
  }
}
