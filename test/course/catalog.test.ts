import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  courseIn,
  findLesson,
  findStage,
  lessonsBefore,
  lessonsFrom,
  loadCatalog,
} from '../../src/course/catalog.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msc-course-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes a course of `path: needs` into its own folder, and says where it lies. */
async function course(name: string, lessons: Record<string, string[] | string>) {
  const root = join(folder, name);
  for (const [path, needs] of Object.entries(lessons)) {
    const stage = path.split('/')[0] ?? '';
    await mkdir(join(root, path), { recursive: true });
    const names = Object.keys(lessons).filter((one) => one.startsWith(`${stage}/`));
    const list = names.map((one) => `  - ${one.split('/')[1]}\n`).join('');
    await writeFile(
      join(root, stage, 'stage.en.md'),
      `---\ntitle: Stage ${stage}\nlessons:\n${list}---\nAbout it.\n`,
    );
    await writeFile(join(root, path, 'en.md'), `---\ntitle: Lesson ${path}\n---\n`);
    const module =
      typeof needs === 'string'
        ? needs
        : `export default { minutes: 3, needs: ${JSON.stringify(needs)}, checks: [{ title: 'x' }], mistakes: [], questions: [], measurements: [] };`;
    await writeFile(join(root, path, 'lesson.mjs'), module);
  }
  return courseIn(root);
}

describe('the catalog', () => {
  test('orders stages as the course does, and lessons as their stage lists them', async () => {
    const folders = await course('order', {
      'sharding/zones': [],
      'sharding/add-shards': [],
      'single-node/first-mongod': [],
    });
    const catalog = await loadCatalog('en', folders);
    expect(catalog.lessons.map(({ id }) => id)).toEqual([
      'single-node/first-mongod',
      'sharding/zones',
      'sharding/add-shards',
    ]);
    expect(catalog.stages.map(({ title }) => title)).toEqual(['Stage single-node', 'Stage sharding']);
  });

  test('finds a lesson by its id or by its name alone, and suggests the nearest', async () => {
    const folders = await course('find', { 'sharding/add-shards': [], 'sharding/zones': [] });
    const catalog = await loadCatalog('en', folders);
    expect(findLesson(catalog, 'sharding/zones').id).toBe('sharding/zones');
    expect(findLesson(catalog, 'zones').id).toBe('sharding/zones');
    expect(() => findLesson(catalog, 'sharding/add-shard')).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('sharding/add-shards'), exitCode: 2 }),
    );
    expect(() => findStage(catalog, 'shards')).toThrow(
      expect.objectContaining({ remedy: 'Stages: sharding.', exitCode: 2 }),
    );
  });

  test('knows what comes before a lesson: its stage so far, and what that needs of other stages', async () => {
    const folders = await course('before', {
      'single-node/first-mongod': [],
      'single-node/load-the-shop': [],
      'single-node/read-a-plan': [],
      'sharding/config-server': [],
      'sharding/shard-sets': ['single-node/load-the-shop'],
      'sharding/add-shards': [],
    });
    const catalog = await loadCatalog('en', folders);
    const before = lessonsBefore(catalog, findLesson(catalog, 'add-shards'));
    expect(before.map(({ id }) => id)).toEqual([
      'single-node/first-mongod',
      'single-node/load-the-shop',
      'sharding/config-server',
      'sharding/shard-sets',
    ]);
  });

  test('knows a lesson by its id, also one of a catalog that was loaded before', async () => {
    const folders = await course('twice', {
      'single-node/first-mongod': [],
      'single-node/load-the-shop': [],
      'single-node/read-a-plan': [],
    });
    const earlier = findLesson(await loadCatalog('en', folders), 'load-the-shop');
    const catalog = await loadCatalog('en', folders);
    expect(lessonsBefore(catalog, earlier).map(({ id }) => id)).toEqual(['single-node/first-mongod']);
    expect(lessonsFrom(catalog, earlier).map(({ id }) => id)).toEqual([
      'single-node/load-the-shop',
      'single-node/read-a-plan',
    ]);
  });

  test.each([
    ['stage', { 'mystery/x': [] }, 'lessons/mystery is not a stage'],
    ['need', { 'single-node/x': ['sharding/none'] }, 'single-node/x needs "sharding/none"'],
    ['export', { 'single-node/x': 'export const other = 1;' }, 'must export default lesson'],
    ['syntax', { 'single-node/x': 'export default {{' }, 'cannot be loaded'],
    ['checks', { 'single-node/x': 'export default { minutes: 1, checks: [] };' }, 'has no checks'],
    ['minutes', { 'single-node/x': 'export default { checks: [{}] };' }, 'how many minutes'],
  ])('names the file and the fault of a bad %s', async (name, lessons, fault) => {
    const folders = await course(`bad-${name}`, lessons as Record<string, string[] | string>);
    await expect(loadCatalog('en', folders)).rejects.toThrow(fault);
  });

  test.each([
    ['a folder that the stage does not list', '  - zones\n', 'has the folder add-shards'],
    ['a lesson that has no folder', '  - add-shards\n  - zones\n  - hot-shard\n', 'has no folder hot-shard'],
    ['a lesson that is listed twice', '  - zones\n  - add-shards\n  - zones\n', 'lists zones twice'],
  ])('refuses %s', async (name, list, fault) => {
    const folders = await course(`list ${name}`, { 'sharding/zones': [], 'sharding/add-shards': [] });
    const file = join(folders.texts, 'sharding', 'stage.en.md');
    await writeFile(file, `---\ntitle: Sharding\nlessons:\n${list}---\nAbout it.\n`);
    await expect(loadCatalog('en', folders)).rejects.toThrow(`lessons/sharding ${fault}`);
  });
});
