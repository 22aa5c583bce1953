import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CourseLesson } from '../../src/course/types.js';
import {
  check,
  fault,
  type Lesson,
  lesson,
  mongosh,
  pass,
  pending,
  primary,
  primaryOf,
  type Step,
  until,
} from '../../src/grading/lesson.js';
import { lookOnce } from '../../src/grading/solve.js';
import { typeStep } from '../../src/grading/type-step.js';
import type { Typing } from '../../src/grading/typing.js';
import type { Problem } from '../../src/problem.js';
import { portOffsetFor } from '../support/ports.js';
import { openTestLab, type TestLab } from './support/test-lab.js';

const steps: CourseLesson<Lesson> = {
  id: 'sharding/steps',
  stage: 'sharding',
  title: 'Steps',
  folder: '',
  plan: lesson({
    minutes: 1,
    checks: [
      check('shard1 has a primary', {
        at: 'shard1a',
        look: async (lab) =>
          primaryOf(lab, 'shard1') ? pass('it has') : pending('it has none', 'a primary'),
      }),
    ],
    solution: [],
  }),
};

let testLab: TestLab;
beforeAll(async () => {
  testLab = await openTestLab(await portOffsetFor('steps'));
  await testLab.lab.up('sharding', () => {});
});
afterAll(() => testLab?.close());

const told: Typing[] = [];
const type = (step: Step) => {
  const { lab, grader } = testLab;
  return typeStep(step, { lab, grader, lesson: steps, onTyping: (typing) => told.push(typing) });
};
const stateOf = async (service: string) =>
  (await testLab.lab.runtime.services()).find(({ name }) => name === service)?.state;
const hasPrimary = until('shard1 has a primary', async (lab) => primaryOf(lab, 'shard1') !== undefined);

test('lines go to the service that is found when their turn has come', async () => {
  await type(mongosh('shard1a', 'rs.initiate()'));
  // Asked for at once: the set has just been made and may still be without a primary.
  const typed = await type(mongosh(primary('shard1'), 'db.hello().isWritablePrimary'));
  expect(typed).toMatchObject({ how: 'shell', at: 'shard1a' });
  expect(typed.output).toContain('true');
});

test('a fault is made, and shown as the command that makes it', async () => {
  const typed = await type(fault('kill', primary('shard1')));
  expect(typed).toMatchObject({ how: 'command', input: 'mongo-scale-course fault kill shard1a' });
  expect(await stateOf('shard1a')).toBe('stopped');
  expect((await lookOnce(testLab.grader, steps)).passed).toBe(false);

  await type(fault('start', 'shard1a'));
  expect(await stateOf('shard1a')).toBe('running');
});

test('waiting ends when the lab is so', async () => {
  await type(hasPrimary);
  expect((await lookOnce(testLab.grader, steps)).passed).toBe(true);
});

test('waiting has an end, and says what was waited for', async () => {
  told.length = 0;
  const never = until('pigs fly', async () => false, { within: 300 });
  const problem = await type(never).catch((error: Problem) => error);
  expect(problem).toMatchObject({ code: 'never-came', message: expect.stringContaining('until pigs fly') });
  expect(told).toEqual([{ how: 'wait', input: 'pigs fly' }]);
});

test('waiting can be broken off', async () => {
  const { lab, grader } = testLab;
  const abort = new AbortController();
  const waiting = typeStep(
    until('pigs fly', async () => false),
    {
      lab,
      grader,
      lesson: steps,
      signal: abort.signal,
      onTyping: () => abort.abort(),
    },
  );
  await expect(waiting).rejects.toThrow(/abort/i);
});
