import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findLesson } from '../../src/course/catalog.js';
import type { CourseLesson } from '../../src/course/types.js';
import { undoBalancer } from '../../src/lab/faults/balancer.js';
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
} from '../../src/lesson/lesson.js';
import type { Problem } from '../../src/problem.js';
import { goTo } from '../../src/replay/goto.js';
import type { GotoEvent } from '../../src/replay/goto-event.js';
import { typeStep } from '../../src/replay/run-step.js';
import { lookOnce } from '../../src/replay/solve.js';
import type { Typing } from '../../src/replay/typing.js';
import { openLiveSession } from '../../src/workbench/live-session.js';
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

test('no router is asked about the balancer while the config servers are not initiated', async () => {
  const asked: string[] = [];
  const { runtime } = testLab.lab;
  const address = (service: string) => {
    asked.push(service);
    return runtime.address(service);
  };
  expect(await undoBalancer({ ...runtime, address })).toEqual([]);
  expect(asked).toEqual([]);
});

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

describe('a fault ends with its lesson', () => {
  const down = async () => (await testLab.lab.runtime.services()).filter(({ state }) => state !== 'running');

  test('in the workbench, when another lesson is opened', async () => {
    const { lab, catalog, grader } = testLab;
    const session = await openLiveSession({ lab, catalog, grader });
    const notices: (string | undefined)[] = [];
    session.subscribe((event) => {
      if (event.kind === 'notice') notices.push(event.notice?.message);
    });
    await session.openLesson('sharding/shard-sets');
    await type(fault('kill', 'shard1a'));
    await session.fault('pause', 'shard2a');
    // The same lesson again: the learner is still in it.
    await session.openLesson('sharding/shard-sets');
    expect((await down()).map(({ name, state }) => `${name} ${state}`)).toEqual([
      'shard1a stopped',
      'shard2a paused',
    ]);

    await session.openLesson('sharding/add-shards');
    await expect.poll(down, { timeout: 30_000 }).toEqual([]);
    await expect
      .poll(() => notices.at(-1), { timeout: 5_000 })
      .toBe(
        'shard1a was started again: a fault ends with its lesson. shard2a goes on: a fault ends with its lesson.',
      );
    await session.close();
  });

  test('a lock that a server was told to keep, however often', async () => {
    const { lab, catalog, grader } = testLab;
    const session = await openLiveSession({ lab, catalog, grader });
    await session.openLesson('sharding/config-server');
    await type(hasPrimary);
    await type(mongosh('shard1a', 'db.fsyncLock()\ndb.fsyncLock()'));
    const ask = 'print("locked " + (db.adminCommand({ currentOp: 1 }).fsyncLock === true))';
    expect((await type(mongosh('shard1a', ask))).output).toContain('locked true');

    await session.openLesson('sharding/shard-sets');
    await expect
      .poll(async () => (await type(mongosh('shard1a', ask))).output, { timeout: 30_000 })
      .toContain('locked false');
    await session.close();
  });

  test('on the command line, when the lab is led to another', async () => {
    const { lab, catalog, grader } = testLab;
    await type(fault('stop', 'shard2a'));
    const target = findLesson(catalog, 'sharding/config-server');
    // It would go on to empty this lab, which is no lesson's; the faults come first.
    const enough = new AbortController();
    const events: GotoEvent[] = [];
    const onEvent = (event: GotoEvent): void => {
      events.push(event);
      enough.abort();
    };
    await expect(goTo({ catalog, lab, grader, target, signal: enough.signal, onEvent })).rejects.toThrow(
      /abort/i,
    );
    expect(events[0]).toEqual({ kind: 'undone', undone: [{ service: 'shard2a', by: 'start' }] });
    expect(await down()).toEqual([]);
  });
});

test('a compose file of the learner’s that nothing could come up with, and he is told where it is kept', async () => {
  const { lab, catalog, grader, home } = testLab;
  const file = join(home.workspace, 'compose.yaml');
  await mkdir(home.workspace, { recursive: true });
  await writeFile(file, 'services: [');
  await expect(lab.up('sharding', () => {})).rejects.toMatchObject({
    code: 'compose-invalid',
    remedy: expect.stringContaining('mongo-scale-course reset compose.yaml'),
  });
  const target = findLesson(catalog, 'sharding/config-server');
  const enough = new AbortController();
  const events: GotoEvent[] = [];
  const onEvent = (event: GotoEvent): void => {
    events.push(event);
    enough.abort();
  };
  await expect(goTo({ catalog, lab, grader, target, signal: enough.signal, onEvent })).rejects.toThrow(
    /abort/i,
  );
  const kept = `${file}.kept-1`;
  expect(events[0]).toEqual({ kind: 'file', file: 'compose.yaml', became: 'restored', kept });
  expect(await readFile(kept, 'utf8')).toBe('services: [');
});
