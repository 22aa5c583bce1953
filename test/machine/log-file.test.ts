import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLog, rotateLog, tailLog } from '../../src/machine/log-file.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-log-'));
  path = join(folder, 'shard1a.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = [];
  for await (const line of lines) read.push(line);
  return read;
}

test('the last lines, without one that is still being written', async () => {
  writeFileSync(path, 'one\n\nthree\nfo');
  expect(await tailLog(path, 2)).toEqual(['', 'three']);
  expect(await tailLog(path, 9)).toEqual(['one', '', 'three']);
  expect(await tailLog(path, 0)).toEqual([]);
  expect(await all(readLog(path, {}))).toEqual(['one', '', 'three']);
  expect(await tailLog(join(folder, 'none.log'), 5)).toEqual([]);
});

test('as many of the last lines as were asked for, however long the log', async () => {
  // Letters of 1, 2, 3 and 4 bytes: some of them lie on every border at which the file is read.
  const lines = Array.from({ length: 20_000 }, (_, index) => `${index} aé€🙂`.repeat(1 + (index % 4)));
  writeFileSync(path, `${lines.join('\n')}\n`);
  expect(await tailLog(path, 3)).toEqual(lines.slice(-3));
  expect(await tailLog(path, 15_000)).toEqual(lines.slice(-15_000));
  expect(await all(readLog(path, {}))).toEqual(lines);
});

test('a line that is longer than what is read at once', async () => {
  const long = 'é'.repeat(400_000);
  writeFileSync(path, `first\n${long}\nlast\n`);
  expect(await tailLog(path, 2)).toEqual([long, 'last']);
});

test('is followed letter by letter, through a restart that begins a new file', async () => {
  writeFileSync(path, 'début\nà moit');
  const abort = new AbortController();
  const lines = readLog(path, { tail: 1, follow: true, signal: abort.signal });
  const next = async () => (await lines.next()).value;
  expect(await next()).toBe('début');
  const following = next();
  const rest = Buffer.from('ié €\n');
  // A server's write may end inside a letter.
  for (const byte of rest) {
    appendFileSync(path, Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await following).toBe('à moitié €');
  rotateLog(path);
  writeFileSync(path, 'new\n');
  expect(await next()).toBe('new');
  abort.abort();
  expect((await lines.next()).done).toBe(true);
});

test('what was written before the last line was complete is neither lost nor told twice', async () => {
  // Bytes that are no UTF-8 become longer when they are decoded: what has been read is counted in bytes.
  writeFileSync(path, Buffer.from([0xff, 0xfe, 0x0a]));
  const abort = new AbortController();
  const lines = readLog(path, { follow: true, signal: abort.signal });
  await lines.next();
  const following = lines.next();
  appendFileSync(path, 'second\n');
  expect((await following).value).toBe('second');
  abort.abort();
});
