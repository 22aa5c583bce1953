import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../../src/course/catalog.js';
import { stageIds } from '../../src/course/types.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { forwardPasses } from './forward-passes.js';
import {
  intoLanes,
  intoLanesByRank,
  lanesServed,
  mostLanes,
  planVariable,
  readPlan,
  secondsFor,
} from './plan.js';

const catalog = await loadCatalog<Lesson>();
const ids = catalog.lessons.map(({ id }) => id);

describe('what is proven', () => {
  test('the forward passes of npm test cover every stage once', () => {
    expect(forwardPasses.flat()).toEqual(stageIds);
  });

  test.each([1, 2, 3, mostLanes])('%i lanes cover every lesson once, in the order of the course', (lanes) => {
    expect(intoLanes(catalog.lessons, lanes).flat()).toEqual(ids);
  });

  test('lanes have about the same work', () => {
    const seconds = intoLanes(catalog.lessons, 2).map((lane) =>
      catalog.lessons
        .filter(({ id }) => lane.includes(id))
        .reduce((sum, lesson) => sum + secondsFor(lesson), 0),
    );
    const longest = Math.max(...catalog.lessons.map(secondsFor));
    expect(Math.abs((seconds[0] as number) - (seconds[1] as number))).toBeLessThanOrEqual(longest);
  });

  test('each lane proves what matters most first', () => {
    const last = catalog.lessons.slice(-2);
    const first = catalog.lessons.slice(0, 2);
    expect(intoLanesByRank([last, first], 2)).toEqual([
      [last[0]?.id, first[0]?.id],
      [last[1]?.id, first[1]?.id],
    ]);
  });

  test('no lane is without a lesson', () => {
    expect(intoLanes(catalog.lessons.slice(0, 1), 2)).toEqual([[ids[0]]]);
  });
});

describe('how many lanes', () => {
  const gibibyte = 1024 ** 3;
  test('is one a core, as far as memory goes, and at least one', () => {
    expect(lanesServed({ cores: 2, freeMemory: 16 * gibibyte })).toBe(2);
    expect(lanesServed({ cores: 8, freeMemory: 7 * gibibyte })).toBe(2);
    expect(lanesServed({ cores: 2, freeMemory: gibibyte })).toBe(1);
    expect(lanesServed({ cores: 64, freeMemory: 256 * gibibyte })).toBe(mostLanes);
  });
});

describe('the plan in the environment', () => {
  test('is read as it was written', () => {
    const plan = { runtime: 'local', lanes: [['sharding/zones']], notAfter: 5 } as const;
    expect(readPlan({ [planVariable]: JSON.stringify(plan) })).toEqual(plan);
  });

  test('names the command that makes one where there is none', () => {
    expect(() => readPlan({})).toThrow('npm run prove');
  });
});
