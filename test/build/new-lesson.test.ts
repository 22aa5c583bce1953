import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLesson } from '../../build/new-lesson.mjs';
import { loadCatalog } from '../../src/course/catalog.js';
import { stageIds } from '../../src/course/types.js';
import { lintCourse } from '../../src/lint/lint.js';
import { packageRoot } from '../../src/package.js';

let root: string;
let texts: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'msc-new-lesson-'));
  texts = join(root, 'lessons');
  cpSync(join(packageRoot, 'lessons'), texts, { recursive: true });
  for (const name of ['src', 'node_modules', 'package.json'])
    symlinkSync(join(packageRoot, name), join(root, name));
});
afterEach(() => rmSync(root, { recursive: true }));

test.each(stageIds)(
  'a new lesson of %s has nothing that the lint finds, and is the last of its stage',
  async (stage) => {
    createLesson(texts, { id: `${stage}/my-lesson` });
    const course = {
      texts,
      loadModule: (folder: string) => import(pathToFileURL(join(texts, folder, 'lesson.ts')).href),
    };
    expect((await lintCourse(course)).findings).toEqual([]);
    const { stages } = await loadCatalog('en', course);
    expect(stages.find(({ id }) => id === stage)?.lessons.at(-1)?.id).toBe(`${stage}/my-lesson`);
  },
);

test('it comes after the lesson that is named', () => {
  createLesson(texts, { id: 'sharding/my-lesson', after: 'hot-shard' });
  expect(readFileSync(join(texts, 'sharding', 'stage.en.md'), 'utf8')).toContain(
    '  - hot-shard\n  - my-lesson\n',
  );
});

test.each([
  ['a stage that is none', { id: 'clouds/my-lesson' }, 'is no id'],
  ['a name with capitals', { id: 'sharding/MyLesson' }, 'is no id'],
  ['a lesson that is there', { id: 'sharding/zones' }, 'is there already'],
  ['an unknown place', { id: 'sharding/my-lesson', after: 'nowhere' }, 'has no lesson "nowhere"'],
])('refuses %s', (_, wanted, words) => {
  expect(() => createLesson(texts, wanted)).toThrow(words);
});
