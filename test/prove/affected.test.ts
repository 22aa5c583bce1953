import { describe, expect, test } from 'vitest';
import { affectedBy, type LessonFiles } from './affected.js';
import { modulesOf } from './imports.js';

const zones: LessonFiles = {
  id: 'sharding/zones',
  stage: 'sharding',
  folder: 'lessons/2-sharding/10-zones',
  modules: new Set(['lessons/2-sharding/10-zones/lesson.ts', 'src/lesson/probes/ranges.ts']),
};
const reshard: LessonFiles = {
  ...zones,
  id: 'sharding/reshard',
  folder: 'lessons/2-sharding/11-reshard',
  modules: new Set(['lessons/2-sharding/11-reshard/lesson.ts', 'src/lesson/probes/ranges.ts']),
};
const canary: LessonFiles = {
  id: 'gateway/canary',
  stage: 'gateway',
  folder: 'lessons/5-gateway/6-canary',
  file: 'gateway/dynamic.yaml',
  modules: new Set(['lessons/5-gateway/6-canary/lesson.ts', 'lessons/5-gateway/rules.ts']),
};
const lessons = [zones, reshard, canary];
const affected = (...changed: string[]) => affectedBy(changed, lessons, new Set(['src/grading/grader.ts']));

describe('a changed file affects', () => {
  test('the lesson whose text it is', () => {
    expect(affected('lessons/2-sharding/10-zones/en.md')).toEqual({ lessons: [zones.id], broad: [] });
  });

  test('the lessons that import it', () => {
    expect(affected('src/lesson/probes/ranges.ts').lessons).toEqual([zones.id, reshard.id]);
    expect(affected('lessons/5-gateway/rules.ts')).toEqual({ lessons: [canary.id], broad: [] });
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
  const modules = await modulesOf('lessons/2-sharding/10-zones/lesson.ts');
  expect(modules).toContain('src/lesson/probes/ranges.ts');
  expect(modules).toContain('src/lesson/lesson.ts');
  expect(modules).not.toContain('src/lesson/probes/gateway.ts');
});
