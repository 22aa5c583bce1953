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
    await writeFile(join(root, stage, 'stage.en.md'), `---\ntitle: Stage ${stage}\n---\nAbout it.\n`);
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
  test('orders stages and lessons by their numbers, not their letters', async () => {
    const folders = await course('order', {
      '2-sharding/10-zones': [],
      '2-sharding/2-add-shards': [],
      '1-single-node/1-first-mongod': [],
    });
    const catalog = await loadCatalog('en', folders);
    expect(catalog.lessons.map(({ id }) => id)).toEqual([
      'single-node/first-mongod',
      'sharding/add-shards',
      'sharding/zones',
    ]);
    expect(catalog.stages.map(({ title }) => title)).toEqual(['Stage 1-single-node', 'Stage 2-sharding']);
  });

  test('finds a lesson by its id or by its name alone, and suggests the nearest', async () => {
    const folders = await course('find', { '2-sharding/1-add-shards': [], '2-sharding/2-zones': [] });
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
      '1-single-node/1-first-mongod': [],
      '1-single-node/2-load-the-shop': [],
      '1-single-node/3-read-a-plan': [],
      '2-sharding/1-config-server': [],
      '2-sharding/2-shard-sets': ['single-node/load-the-shop'],
      '2-sharding/3-add-shards': [],
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
      '1-single-node/1-first-mongod': [],
      '1-single-node/2-load-the-shop': [],
      '1-single-node/3-read-a-plan': [],
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
    ['stage', { '1-mystery/1-x': [] }, 'lessons/1-mystery is not a stage'],
    ['need', { '1-single-node/1-x': ['sharding/none'] }, 'single-node/x needs "sharding/none"'],
    ['export', { '1-single-node/1-x': 'export const other = 1;' }, 'must export default lesson'],
    ['syntax', { '1-single-node/1-x': 'export default {{' }, 'cannot be loaded'],
    ['checks', { '1-single-node/1-x': 'export default { minutes: 1, checks: [] };' }, 'has no checks'],
    ['minutes', { '1-single-node/1-x': 'export default { checks: [{}] };' }, 'how many minutes'],
  ])('names the file and the fault of a bad %s', async (name, lessons, fault) => {
    const folders = await course(`bad-${name}`, lessons as Record<string, string[] | string>);
    await expect(loadCatalog('en', folders)).rejects.toThrow(fault);
  });
});
