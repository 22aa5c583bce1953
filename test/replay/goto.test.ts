import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { findLesson, loadCatalog } from '../../src/course/catalog.js';
import type { Grader, Round } from '../../src/grading/grader.js';
import { resolveHome } from '../../src/home.js';
import type { Places } from '../../src/lab/addresses.js';
import type { Lab } from '../../src/lab/lab.js';
import { startingText } from '../../src/lab/workspace/workspace.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { goTo } from '../../src/replay/goto.js';
import type { GotoEvent } from '../../src/replay/goto-event.js';

// These labs are made up: they have no data that could be kept.
vi.stubEnv('MSC_CHECKPOINTS', '0');
const folder = mkdtempSync(join(tmpdir(), 'msc-goto-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what the way to a lesson finds wrong is not kept as a mistake of the learner’s', async () => {
  const catalog = await loadCatalog<Lesson>();
  const target = findLesson(catalog, 'single-node/load-the-shop');
  const lookedBy: unknown[] = [];
  const grader = {
    round: async ({ id }, by) => {
      lookedBy.push([id, by]);
      const passed = id !== target.id;
      return { verdict: { passed, checks: [] }, holding: false } as unknown as Round;
    },
  } as Partial<Grader> as Grader;
  const lab = {
    home: resolveHome(folder),
    portOffset: 0,
    runtime: { kind: 'local', stack: () => undefined, services: async () => [] },
    stage: () => 'single-node',
    passed: () => ['single-node/first-mongod'],
    up: async () => {},
  } as unknown as Lab;
  const events: GotoEvent[] = [];
  await goTo({ catalog, lab, grader, target, onEvent: (event) => events.push(event) });
  expect(events).toEqual([{ kind: 'replay', lesson: 'single-node/first-mongod', phase: 'kept' }]);
  expect(lookedBy).toEqual([
    ['single-node/load-the-shop', 'course'],
    ['single-node/first-mongod', 'course'],
  ]);
});

test('what another go has left in the lesson’s file is not what a lab that comes to it begins with', async () => {
  const catalog = await loadCatalog<Lesson>();
  const target = findLesson(catalog, 'caching/cache-aside');
  const home = resolveHome(join(folder, 'other-go'));
  const places = { address: () => '127.0.0.1:1', peerAddress: () => '127.0.0.1:2' } as unknown as Places;
  const file = join(home.workspace, 'shop', 'cache.js');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '// finished long ago\n');
  const grader = {
    round: async ({ id }) =>
      ({ verdict: { passed: id !== target.id, checks: [] }, holding: false }) as unknown as Round,
  } as Partial<Grader> as Grader;
  const lab = {
    home,
    portOffset: 0,
    runtime: { kind: 'local', stack: () => undefined, services: async () => [] },
    places: async () => places,
    stage: () => 'replication',
    passed: () => catalog.lessons.slice(0, catalog.lessons.indexOf(target)).map(({ id }) => id),
    up: async () => {},
  } as unknown as Lab;
  const events: GotoEvent[] = [];
  await goTo({ catalog, lab, grader, target, onEvent: (event) => events.push(event) });
  expect(readFileSync(file, 'utf8')).toBe(startingText('shop/cache.js', places));
  expect(events).toContainEqual({
    kind: 'file',
    file: 'shop/cache.js',
    became: 'restored',
    kept: `${file}.kept-1`,
  });
});
