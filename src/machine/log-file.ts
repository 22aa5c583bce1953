import { existsSync, type FSWatcher, renameSync, watch } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from '../home.js';

/** Where the output of a service is kept. */
export function logOf(home: Home, service: string): string {
  return join(home.logs, `${service}.log`);
}

/** Begins a new log for a new start; that of the start before is kept as `NAME.log.1`. */
export function rotateLog(path: string): void {
  if (existsSync(path)) renameSync(path, `${path}.1`);
}

/** The last lines of a log, at most `count`; empty where there is none. Reads no more of it than it needs. */
export async function tailLog(path: string, count: number): Promise<readonly string[]> {
  return (await readEnd(path, count)).lines;
}

/**
 * The last `tail` lines (default: all), then, with `follow`, each line as it is written, also after a restart has
 * begun a new file. Ends when `signal` aborts.
 */
export async function* readLog(
  path: string,
  {
    tail = Number.POSITIVE_INFINITY,
    follow,
    signal,
  }: { tail?: number; follow?: boolean; signal?: AbortSignal },
): AsyncGenerator<string> {
  const { lines, ...place } = await readEnd(path, tail);
  yield* lines;
  if (follow) yield* followLog(path, place, signal);
}

/** How far a log has been read: the bytes of its complete lines, in which file. */
interface Place {
  readonly end: number;
  readonly inode: number;
}

async function* followLog(
  path: string,
  from: Place,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const changes = watchFolder(dirname(path));
  let { end, inode } = from;
  let rest: Buffer = Buffer.alloc(0);
  try {
    while (!signal?.aborted) {
      const now = await stat(path).catch(() => undefined);
      if (now && now.ino !== inode) [end, inode, rest] = [0, now.ino, Buffer.alloc(0)];
      if (now && now.size > end) {
        const bytes = await readRange(path, end, Math.min(now.size, end + chunkSize));
        end += bytes.length;
        const unread = Buffer.concat([rest, bytes]);
        const complete = unread.lastIndexOf(newline) + 1;
        rest = unread.subarray(complete);
        yield* linesOf(unread.subarray(0, complete));
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

/** The last complete lines, at most `count`, read backwards from the end; what follows them is still being written. */
async function readEnd(path: string, count: number): Promise<Place & { lines: readonly string[] }> {
  const file = await stat(path).catch(() => undefined);
  if (!file) return { lines: [], end: 0, inode: 0 };
  const chunks: Buffer[] = [];
  let begin = file.size;
  // One newline ends the last line, and one more is before the first that is wanted.
  for (let missing = count + 1; begin > 0 && missing > 0; ) {
    const from = Math.max(0, begin - chunkSize);
    const chunk = await readRange(path, from, begin);
    missing -= chunk.reduce((found, byte) => (byte === newline ? found + 1 : found), 0);
    chunks.unshift(chunk);
    begin = from;
  }
  const read = Buffer.concat(chunks);
  const complete = read.lastIndexOf(newline) + 1;
  const lines = linesOf(read.subarray(0, complete));
  // A newline is one byte in UTF-8 and part of no other character: only at the beginning may a line be cut.
  const whole = begin === 0 ? lines : lines.slice(1);
  return {
    lines: count > 0 ? whole.slice(-count) : [],
    end: begin + complete,
    inode: file.ino,
  };
}

const newline = 0x0a;
/** Bytes read at once. */
const chunkSize = 256 * 1024;

/** The lines of bytes that end with a newline, or are none. */
function linesOf(complete: Buffer): readonly string[] {
  return complete.length === 0 ? [] : complete.toString('utf8', 0, complete.length - 1).split('\n');
}

async function readRange(path: string, begin: number, end: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(end - begin), position: begin });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
