import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import writeFileAtomic from 'write-file-atomic';
import { fileVersion, loadCacheFile, watchCacheFile } from '../../../src/shop/cache/cache-file.js';
import { readConnection } from '../../../src/shop/cache/connection.js';

const folder = await mkdtemp(join(tmpdir(), 'msc-cache-file-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(text: string) {
  const path = join(folder, 'cache.mjs');
  await writeFile(path, text);
  return { text, loaded: await loadCacheFile(path) };
}

test('a file is loaded anew each time, and is told by its text', async () => {
  const first = await load('export const seconds = 1;\n');
  const second = await load('export const seconds = 2;\n');
  expect(first.loaded).toMatchObject({ kind: 'loaded', version: fileVersion(first.text) });
  expect(second.loaded).toMatchObject({ kind: 'loaded', exports: { seconds: 2 } });
  expect(second.loaded.version).not.toBe(first.loaded.version);
});

test('a file that is not there is broken, and comes back when it is', async () => {
  expect(await loadCacheFile(join(folder, 'none.mjs'))).toMatchObject({ kind: 'broken' });
});

test('a text that is saved again is the one that is known; another is told', async () => {
  const path = join(folder, 'watched.mjs');
  await writeFile(path, 'export const seconds = 1;\n');
  const told: string[] = [];
  const watching = watchCacheFile(path, async ({ version }) => void told.push(version));
  const one = fileVersion('export const seconds = 1;\n');
  const two = fileVersion('export const seconds = 2;\n');
  await vi.waitFor(() => expect(told).toEqual([one]), { timeout: 10_000 });
  // Whole, as the course and careful editors write: a file that is emptied first is another for a moment.
  await writeFileAtomic(path, 'export const seconds = 1;\n');
  await writeFileAtomic(path, 'export const seconds = 2;\n');
  await vi.waitFor(() => expect(told.at(-1)).toBe(two), { timeout: 10_000 });
  watching.close();
  expect(told).toEqual([one, two]);
});

const known = new Map([
  ['redis', '127.0.0.1:6379'],
  ['redis1', '127.0.0.1:7001'],
]);

test.each([
  [undefined, 'has to name at least one of redis, redis1'],
  [{ nodes: ['redis9'] }, "'redis9', which is none of redis, redis1"],
  [{ nodes: ['redis', 'redis1'] }, 'connection.cluster is not true'],
  [{ nodes: ['redis1'], cluster: true, natMap: { redis1: '127.0.0.1:7001' } }, 'have to be host:port'],
])('a connection %j is refused, in words of the file', (connection, says) => {
  expect(() => readConnection(connection, known)).toThrow(says);
});

test('a connection may leave out what it does not need', () => {
  expect(readConnection({ nodes: ['redis'] }, known)).toEqual({
    nodes: ['redis'],
    cluster: false,
    natMap: {},
  });
});
