import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { findLesson, lessonsBefore, loadCatalog } from '../../src/course/catalog.js';
import { resolveHome } from '../../src/home.js';
import type { Places } from '../../src/lab/addresses.js';
import { ensureWorkspaceFile, startingText } from '../../src/lab/workspace/workspace.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { restoreLessonFile } from '../../src/replay/lesson-file.js';

const folder = mkdtempSync(join(tmpdir(), 'msc-lesson-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const home = resolveHome(folder);
const file = 'shop/cache.js';
const path = join(home.workspace, file);
const places = {
  address: () => '127.0.0.1:1',
  peerAddress: () => '127.0.0.1:2',
} as Partial<Places> as Places;
const catalog = await loadCatalog<Lesson>();
const before = (id: string) => lessonsBefore(catalog, findLesson(catalog, id)).map(({ plan }) => plan);
const restore = (id: string) => restoreLessonFile(home, { file, before: before(id), places });
const text = () => readFileSync(path, 'utf8');

beforeEach(() => {
  rmSync(home.workspace, { recursive: true, force: true });
  ensureWorkspaceFile(home, file, places);
  writeFileSync(path, '// mine\n');
});

test('the first lesson with a file begins with what the course gives', () => {
  const kept = restore('caching/cache-aside');
  expect(text()).toBe(startingText(file, places));
  expect(readFileSync(kept ?? '', 'utf8')).toBe('// mine\n');
});

test('a later one begins with what those before have written: its text goes on from there', () => {
  restore('caching/stampede');
  // Of cache-aside and of invalidation; that only one of many asks is stampede's own.
  expect(text()).toContain('seconds');
  expect(text()).toContain('export async function written');
  expect(text()).not.toContain('flights');
});
