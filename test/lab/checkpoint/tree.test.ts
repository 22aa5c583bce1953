import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { objectPath } from '../../../src/lab/checkpoint/objects.js';
import { captureTree, findDamage, knownOf, type Tree, writeTree } from '../../../src/lab/checkpoint/tree.js';

const folder = mkdtempSync(join(tmpdir(), 'msc-tree-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [data, objects, copy] = ['data', 'objects', 'copy'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(data, 'shard1a', 'journal'), { recursive: true });
  mkdirSync(join(data, 'redis'));
  writeFileSync(join(data, 'shard1a', 'a.wt'), 'documents');
  writeFileSync(join(data, 'shard1a', 'b.wt'), 'documents');
});

/** An hour ago: what changed just now is read again in any case. */
function age(...path: string[]): void {
  const then = new Date(Date.now() - 3_600_000);
  utimesSync(join(data, ...path), then, then);
}

function content(tree: Tree, path: string): string | undefined {
  const entry = tree.find((one) => one.path === path);
  return entry?.kind === 'file' ? readFileSync(objectPath(objects, entry.sha256), 'utf8') : undefined;
}

function files(root: string): readonly string[] {
  return readdirSync(root, { recursive: true }).map(String).sort();
}

test('writes the same folders and files again, and removes others', () => {
  const tree = captureTree(data, objects, knownOf([]));
  mkdirSync(join(copy, 'shard1a'), { recursive: true });
  writeFileSync(join(copy, 'shard1a', 'left-over.wt'), 'x');
  writeFileSync(join(copy, 'mongod.lock'), 'x');
  writeTree(tree, objects, copy, false);
  expect(files(copy)).toEqual(files(data));
  expect(readFileSync(join(copy, 'shard1a', 'a.wt'), 'utf8')).toBe('documents');
});

test('stores equal files once', () => {
  captureTree(data, objects, knownOf([]));
  const stored = files(objects).filter((name) => statSync(join(objects, name)).isFile());
  expect(stored).toHaveLength(1);
});

test('keeps the holes of a sparse file, and its length', () => {
  const journal = join(data, 'shard1a', 'journal', 'WiredTigerLog.0000000001');
  writeFileSync(journal, 'begin');
  truncateSync(journal, 32 * 1024 * 1024);
  writeTree(captureTree(data, objects, knownOf([])), objects, copy, false);
  const restored = statSync(join(copy, 'shard1a', 'journal', 'WiredTigerLog.0000000001'));
  expect(restored.size).toBe(32 * 1024 * 1024);
  expect(restored.blocks * 512).toBeLessThan(1024 * 1024);
});

test('reads a file again once its stamp has changed, and not before', () => {
  age('shard1a', 'a.wt');
  const before = captureTree(data, objects, knownOf([]));
  const entry = before.find(({ path }) => path === 'shard1a/a.wt');
  rmSync(join(data, 'shard1a', 'b.wt'));
  writeFileSync(join(data, 'shard1a', 'b.wt'), 'orders');
  const orders = captureTree(data, objects, knownOf(before)).find(({ path }) => path === 'shard1a/b.wt');
  // A claim about a.wt that only a file which is not read leaves standing.
  const claim = { ...orders, stamp: entry?.kind === 'file' ? entry.stamp : '' } as never;
  const claimed = captureTree(data, objects, new Map([['shard1a/a.wt', claim]]));
  expect(content(claimed, 'shard1a/a.wt')).toBe('orders');
  appendFileSync(join(data, 'shard1a', 'a.wt'), ', and more');
  const later = captureTree(data, objects, new Map([['shard1a/a.wt', claim]]));
  expect(content(later, 'shard1a/a.wt')).toBe('documents, and more');
});

test('reads a file again that was written within the resolution of its time stamp', () => {
  writeFileSync(join(data, 'shard1a', 'a.wt'), 'before');
  const known = knownOf(captureTree(data, objects, knownOf([])));
  expect(known.get('shard1a/a.wt')?.stamp).toBe('');
});

test('does not trust a stamp whose object is gone', () => {
  age('shard1a', 'a.wt');
  age('shard1a', 'b.wt');
  const known = knownOf(captureTree(data, objects, knownOf([])));
  rmSync(objects, { recursive: true });
  expect(content(captureTree(data, objects, known), 'shard1a/a.wt')).toBe('documents');
});

test('leaves out the statistics that a mongod writes all the time', () => {
  mkdirSync(join(data, 'shard1a', 'diagnostic.data'));
  writeFileSync(join(data, 'shard1a', 'diagnostic.data', 'metrics.1'), 'x');
  const paths = captureTree(data, objects, knownOf([])).map(({ path }) => path);
  expect(paths.filter((path) => path.includes('diagnostic'))).toEqual([]);
});

test.each([
  ['is missing', (path: string) => rmSync(path)],
  ['is cut off', (path: string) => truncateSync(path, 3)],
  ['has another byte', (path: string) => writeFileSync(path, 'Documents')],
])('finds an object that %s', async (_, damage) => {
  const tree = captureTree(data, objects, knownOf([]));
  expect(await findDamage(tree, objects)).toBeUndefined();
  const first = tree.find((entry) => entry.kind === 'file');
  damage(objectPath(objects, first?.kind === 'file' ? first.sha256 : ''));
  expect(await findDamage(tree, objects)).toBe('shard1a/a.wt');
});
