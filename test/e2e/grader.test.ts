import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  lessonState,
  readProgress,
  updateProgress,
  withoutEvidence,
  withoutHelp,
} from '../../src/course/progress.js';
import type { CourseLesson } from '../../src/course/types.js';
import { keepAnswer } from '../../src/grading/answers.js';
import { openGrader } from '../../src/grading/grader.js';
import { watchLesson } from '../../src/grading/watch.js';
import {
  type Check,
  check,
  type Lesson,
  lesson,
  measurement,
  mongosh,
  number,
  pass,
  pending,
} from '../../src/lesson/lesson.js';
import { lookOnce, solve } from '../../src/replay/solve.js';
import { portOffsetFor } from '../support/ports.js';
import { openTestLab, type TestLab } from './support/test-lab.js';

let testLab: TestLab;
let client: MongoClient;
const flags = () => client.db('lab').collection<{ _id: string }>('flags');

beforeAll(async () => {
  testLab = await openTestLab(await portOffsetFor('grader'));
  await testLab.lab.up('single-node', () => {});
  client = new MongoClient(`mongodb://${testLab.lab.runtime.address('shard1a')}/?directConnection=true`);
});
beforeEach(() => flags().deleteMany({}));
afterAll(async () => {
  await client?.close();
  await testLab?.close();
});

/** The text of a lesson that measures flags. */
async function folderWithText(): Promise<string> {
  const folder = join(testLab.home.root, 'measure');
  await mkdir(folder);
  const sections = ['why', 'idea', 'do', 'look', 'hints', 'debrief'].map(
    (id) => `## ${id} {#${id}}\n1. a\n2. b\n3. c`,
  );
  const named = [
    '## Q {#questions}\n### How many? {#flags}',
    '## M {#measurements}\n### Flags that are up {#flags}',
  ];
  await writeFile(join(folder, 'en.md'), ['---\ntitle: Flags\n---', ...sections, ...named].join('\n'));
  return folder;
}

/** A lesson of one check that passes while the flag is up. */
function flagLesson(name: string, options: Pick<Check, 'kind'> & Partial<Check>): CourseLesson<Lesson> {
  const looksForFlag = check(`the flag ${name} is up`, {
    at: 'shard1a',
    look: async ({ mongo }) => {
      const flag = await mongo('shard1a')
        .db('lab')
        .collection<{ _id: string }>('flags')
        .findOne({ _id: name });
      return flag ? pass('up') : pending('down', 'up');
    },
    ...options,
  } as Parameters<typeof check>[1]);
  return {
    id: `single-node/${name}`,
    stage: 'single-node',
    title: name,
    folder: '',
    plan: lesson({ minutes: 1, checks: [looksForFlag], solution: [] }),
  };
}

const state = async (one: CourseLesson<Lesson>) => (await lookOnce(testLab.grader, one)).checks[0]?.state;

test('a state is passed while it is true, and no longer', async () => {
  const one = flagLesson('state', { kind: 'state' });
  expect(await state(one)).toBe('pending');
  await flags().insertOne({ _id: 'state' });
  expect(await state(one)).toBe('pass');
  await flags().deleteOne({ _id: 'state' });
  expect(await state(one)).toBe('pending');
  const progress = readProgress(testLab.home.progress);
  expect(lessonState(progress, one.id)).toBe('passed');
  expect(testLab.lab.passed()).toContain(one.id);
});

test('an event that happened once stays, in the next run of the course too', async () => {
  const one = flagLesson('event', { kind: 'event' });
  await flags().insertOne({ _id: 'event' });
  expect(await state(one)).toBe('pass');
  await flags().deleteOne({ _id: 'event' });
  expect(await state(one)).toBe('pass');
  expect(readProgress(testLab.home.progress).lessons[one.id]?.events).toEqual({
    'the flag event is up': 'up',
  });
});

test('what a check remembers another process recalls, until the lesson begins again', async () => {
  const plan = lesson({
    minutes: 1,
    checks: [
      check('counts its looks', {
        at: 'shard1a',
        look: async ({ recall, remember }) => {
          const looks = (recall('looks') ?? 0) + 1;
          remember('looks', looks);
          return pass(`look ${looks}`);
        },
      }),
    ],
    solution: [],
  });
  const one: CourseLesson<Lesson> = { ...flagLesson('remember', { kind: 'state' }), plan };
  const { lab, grader, home } = testLab;
  const looked = async (by = grader) => (await lookOnce(by, one)).checks[0]?.observed;
  expect(await looked()).toBe('look 1');
  expect(await looked()).toBe('look 2');
  const another = openGrader(lab, 'en');
  expect(await looked(another)).toBe('look 3');
  await another.close();
  await updateProgress(home.progress, (progress) => withoutEvidence(progress, [one.id]));
  expect(await looked()).toBe('look 1');
});

test('what was measured once is kept, and told beside the prediction', async () => {
  const one: CourseLesson<Lesson> = {
    ...flagLesson('measure', { kind: 'state' }),
    plan: lesson({
      minutes: 1,
      checks: [
        check('checks know of it', {
          at: 'shard1a',
          look: async ({ measured }) => (measured('flags') ? pass('known') : pending('unknown', 'known')),
        }),
      ],
      questions: [number('flags', 'flags')],
      measurements: [
        measurement('flags', {
          unit: 'flags',
          measure: async ({ mongo }) =>
            (await mongo('shard1a').db('lab').collection('flags').countDocuments()) || undefined,
        }),
      ],
      solution: [],
    }),
    folder: await folderWithText(),
  };
  const { grader, home } = testLab;
  expect(await lookOnce(grader, one)).toMatchObject({ passed: false, measured: [{ state: 'unpredicted' }] });
  await flags().insertOne({ _id: 'one' });
  const unpredicted = await lookOnce(grader, one);
  expect(unpredicted).toMatchObject({ passed: true, measured: [{ state: 'unpredicted' }] });
  expect(unpredicted.measured[0]).not.toHaveProperty('value');

  await flags().insertOne({ _id: 'two' });
  await keepAnswer(home, one, 'flags', '2');
  expect((await lookOnce(grader, one)).measured).toEqual([
    { id: 'flags', title: 'Flags that are up', unit: 'flags', state: 'measured', predicted: 2, value: 1 },
  ]);
});

test('what the course types is the course’s, whoever looks, until the learner does it himself', async () => {
  const plain = flagLesson('credit', { kind: 'state' });
  const raise = mongosh('shard1a', 'db.getSiblingDB("lab").flags.insertOne({ _id: "credit" })');
  const one = { ...plain, plan: { ...plain.plan, solution: [raise] } };
  const { grader, lab, home } = testLab;
  const kept = () => readProgress(home.progress).lessons[one.id];

  // A workbench beside it may see that it is passed before the course looks itself.
  const begin = async (): Promise<void> => {
    await flags().insertOne({ _id: 'credit' });
    await lookOnce(grader, one);
  };
  await solve({ lab, grader, lesson: one, begin });
  expect(kept()).toMatchObject({ passedBy: 'course', helpedAt: expect.any(String) });

  await lookOnce(grader, one);
  expect(kept()?.passedBy).toBe('course');

  // As when the lab was led to its start again.
  await flags().deleteMany({});
  await updateProgress(home.progress, (progress) => withoutHelp(progress, [one.id]));
  expect(await state(one)).toBe('pending');
  await flags().insertOne({ _id: 'credit' });
  expect(await state(one)).toBe('pass');
  expect(kept()?.passedBy).toBe('learner');
});

test('what has to hold is looked at until it has held', async () => {
  const one = flagLesson('hold', { kind: 'state', holdFor: 400 });
  await flags().insertOne({ _id: 'hold' });
  const begun = Date.now();
  expect(await state(one)).toBe('pass');
  expect(Date.now() - begun).toBeGreaterThanOrEqual(400);
});

test('a node that goes down and comes back is followed by the watcher', async () => {
  const one = flagLesson('watch', { kind: 'state' });
  // Journaled, or the kill takes it along: a plain write is on disk only within the next 100 ms.
  await flags().insertOne({ _id: 'watch' }, { writeConcern: { w: 1, journal: true } });
  const end = new AbortController();
  const seen: string[] = [];
  const watching = watchLesson(testLab.grader, one, {
    signal: end.signal,
    onRound: ({ verdict }) => {
      const [only] = verdict.checks;
      if (only && seen.at(-1) !== only.observed) seen.push(only.observed);
    },
    onProblem: (error) => seen.push(String(error)),
  });
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['up']);
  await testLab.lab.runtime.kill('shard1a');
  await expect.poll(() => seen.at(-1), { timeout: 10_000 }).toBe('shard1a is stopped');
  await testLab.lab.runtime.start('shard1a');
  await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toBe('up');
  await testLab.lab.runtime.pause('shard1a');
  await expect.poll(() => seen.at(-1), { timeout: 10_000 }).toBe('shard1a is paused');
  await testLab.lab.runtime.resume('shard1a');
  await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toBe('up');
  end.abort();
  await watching;
});
