import { describe, expect, test } from 'vitest';
import { affectedBy, type LessonFiles } from './affected.js';
import { modulesOf } from './imports.js';

const zones: LessonFiles = {
  id: 'sharding/zones',
  stage: 'sharding',
  folder: 'lessons/sharding/zones',
  modules: new Set(['lessons/sharding/zones/lesson.ts', 'src/lesson/probes/ranges.ts']),
};
const reshard: LessonFiles = {
  ...zones,
  id: 'sharding/reshard',
  folder: 'lessons/sharding/reshard',
  modules: new Set(['lessons/sharding/reshard/lesson.ts', 'src/lesson/probes/ranges.ts']),
};
const canary: LessonFiles = {
  id: 'gateway/canary',
  stage: 'gateway',
  folder: 'lessons/gateway/canary',
  file: 'gateway/dynamic.yaml',
  modules: new Set(['lessons/gateway/canary/lesson.ts', 'lessons/gateway/rules.ts']),
};
const lessons = [zones, reshard, canary];
const affected = (...changed: string[]) => affectedBy(changed, lessons, new Set(['src/grading/grader.ts']));

describe('a changed file affects', () => {
  test('the lesson whose text it is', () => {
    expect(affected('lessons/sharding/zones/en.md')).toEqual({ lessons: [zones.id], broad: [] });
  });

  test('the lessons that import it', () => {
    expect(affected('src/lesson/probes/ranges.ts').lessons).toEqual([zones.id, reshard.id]);
    expect(affected('lessons/gateway/rules.ts')).toEqual({ lessons: [canary.id], broad: [] });
  });

  test('the lessons of the stage whose compose file it is', () => {
    expect(affected('compose/sharding.yaml')).toEqual({ lessons: [zones.id, reshard.id], broad: [] });
  });

  test('the lessons in which the learner writes it', () => {
    expect(affected('assets/workspace/gateway/dynamic.yaml')).toEqual({ lessons: [canary.id], broad: [] });
  });

  test('any lesson where every proof runs through it', () => {
    for (const path of [
      'src/grading/grader.ts',
      'src/router/main.ts',
      'assets/shop/shop-data.cjs',
      'test/prove/proof.ts',
    ])
      expect(affected(path)).toEqual({ lessons: [], broad: [path] });
  });

  test('no lesson where it is a front end, a text about the course, or another test', () => {
    expect(
      affected('src/workbench/run.ts', 'README.md', 'test/lab/tier.test.ts', 'test/prove/plan.test.ts'),
    ).toEqual({
      lessons: [],
      broad: [],
    });
  });
});

test('a lesson depends on the parts of the vocabulary that it uses, and not on the others', async () => {
  const modules = await modulesOf('lessons/sharding/zones/lesson.ts');
  expect(modules).toContain('src/lesson/probes/ranges.ts');
  expect(modules).toContain('src/lesson/lesson.ts');
  expect(modules).not.toContain('src/lesson/probes/gateway.ts');
});
