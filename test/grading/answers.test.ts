import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readProgress } from '../../src/course/progress.js';
import { keepAnswer } from '../../src/grading/answers.js';
import { type Home, resolveHome } from '../../src/home.js';
import { check, choice, lesson, number, pass } from '../../src/lesson/lesson.js';

const asked = {
  id: 'sharding/zones' as const,
  stage: 'sharding' as const,
  title: 'Zones',
  folder: '',
  plan: lesson({
    minutes: 1,
    checks: [check('x', { at: 'router1', look: async () => pass('x') })],
    questions: [choice('owner', ['shard1', 'shard2']), number('share', '%')],
    solution: [],
  }),
};
let home: Home;

beforeAll(async () => {
  home = resolveHome(await mkdtemp(join(tmpdir(), 'msc-answers-')));
});
afterAll(() => rm(home.root, { recursive: true, force: true }));

test.each([
  ['owner', 'Shard2', 'shard2'],
  ['share', ' 52,5 % ', '52.5'],
])('keeps %s = "%s" as %s', async (question, typed, kept) => {
  expect(await keepAnswer(home, asked, question, typed)).toBe(kept);
  expect(readProgress(home.progress).lessons['sharding/zones']?.answers[question]).toBe(kept);
});

test.each([
  ['owner', 'shard9', 'Choices: shard1, shard2.'],
  ['share', 'about half', 'Answer in %'],
  ['share', '%', 'Answer in %'],
  ['share', '0x10', 'Answer in %'],
  ['share', '-5', 'It is 0 or more'],
  ['share', '9'.repeat(30), 'It is 0 or more'],
  ['colour', 'red', 'It asks: owner, share.'],
])('refuses %s = "%s" and says what it takes', async (question, typed, remedy) => {
  await expect(keepAnswer(home, asked, question, typed)).rejects.toMatchObject({
    remedy: expect.stringContaining(remedy),
    exitCode: 2,
  });
});
