import { expect, test } from 'vitest';
import { findLesson, loadCatalog } from '../../src/course/catalog.js';
import type { Manifest } from '../../src/lab/checkpoint/manifest.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { basisOf, nearestCheckpoint, residue } from '../../src/replay/lesson-checkpoints.js';

const catalog = await loadCatalog<Lesson>();
const ids = catalog.lessons.map(({ id }) => id);
const beforeSharding = ['single-node/first-mongod', 'single-node/load-the-shop'];

/** A checkpoint at the start of a lesson, on data on which these lessons were passed. */
function at(lesson: string, passed: readonly string[], change: Partial<Manifest> = {}): Manifest {
  const stage = lesson.split('/')[0] ?? '';
  return {
    format: 1,
    name: `${lesson} ${passed.length}`,
    kind: 'auto',
    takenAt: '2026-11-30T12:00:00.000Z',
    course: '0.1.0',
    basis: basisOf(catalog, { stage, passed: [...passed] }),
    stage,
    lesson,
    atStart: true,
    runtime: 'local',
    portOffset: 0,
    services: {},
    primaries: [],
    passed: [...passed],
    content: 'a'.repeat(64),
    ...change,
  };
}

function nearest(target: string, manifests: readonly Manifest[]): string | undefined {
  return nearestCheckpoint(catalog, findLesson(catalog, target), manifests)?.name;
}

const all = (last: string) => ids.slice(0, ids.indexOf(last as (typeof ids)[number]));

test('takes the checkpoint from which the fewest solutions are missing', () => {
  const [far, near] = [
    at('single-node/load-the-shop', beforeSharding.slice(0, 1)),
    at('sharding/config-server', beforeSharding),
  ];
  expect(nearest('sharding/shard-sets', [far, near])).toBe(near.name);
});

test('takes no checkpoint of a later stage, or on which the lesson was passed', () => {
  const later = at('replication/three-members', all('replication/three-members'));
  const passed = at('sharding/add-shards', all('sharding/add-shards'));
  expect(nearest('sharding/config-server', [later, passed])).toBeUndefined();
});

test('takes the start that the learner came to, else data on which fewer other lessons were done', () => {
  const clean = at(
    'sharding/targeted-queries',
    all('sharding/targeted-queries').filter(
      (id) => !id.startsWith('single-node') || beforeSharding.includes(id),
    ),
  );
  const own = at('sharding/zones', all('sharding/zones'));
  const other = at('sharding/move-ranges', all('sharding/move-ranges'));
  expect(nearest('sharding/zones', [other, clean, own])).toBe(own.name);
  expect(nearest('sharding/zones', [other, clean])).toBe(clean.name);
});

test('counts the lessons that may have left something in the way', () => {
  expect(residue(catalog, beforeSharding)).toBe(0);
  expect(residue(catalog, [...beforeSharding, 'sharding/hot-shard', 'sharding/zones'])).toBe(2);
});

test.each([
  [
    'that the learner saved, where the course has one',
    { kind: 'saved', takenAt: '2026-12-01T00:00:00.000Z' },
  ],
  ['of a lesson that was begun', { atStart: false }],
  ['of another course', { basis: 'another' }],
] as const)('passes over a checkpoint %s', (_, change) => {
  const own = at('sharding/config-server', beforeSharding);
  const other = at('sharding/config-server', beforeSharding, { ...change, name: 'other' });
  expect(nearest('sharding/config-server', [other, own])).toBe(own.name);
});
