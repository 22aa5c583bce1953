import { expect, test } from 'vitest';
import type { ExamReport } from '../../src/exam/report.js';
import { holdUntilMeant } from '../../src/replay/retry-exam.js';

type End = Pick<ExamReport, 'state' | 'passed' | 'brokenBy' | 'problem'>;
const passed: End = { state: 'over', passed: true };
const failed: End = { state: 'over', passed: false, brokenBy: 'shard' };
const spoilt: End = { state: 'over', problem: 'the customers went away' };

const report = (end: End): ExamReport => ({
  phase: 'done',
  pid: 1,
  at: 0,
  startedAt: 0,
  seed: 7,
  held: 0,
  faults: [],
  invariants: [],
  ...end,
});
/** Exams that end so, one after the other; each is under way at the first look. */
function hall(ends: readonly End[]) {
  let begun = 0;
  let looks = 0;
  return {
    begun: () => begun,
    start: async () => {
      begun += 1;
      looks = 0;
    },
    read: () => {
      looks += 1;
      return report(looks === 1 ? { state: 'running' } : (ends[begun - 1] as End));
    },
  };
}
const isPassed = (one: ExamReport): boolean => one.passed === true;

test('an exam that ends as it was meant to is held once', async () => {
  const exams = hall([passed]);
  expect(await holdUntilMeant(exams, isPassed)).toMatchObject({ ...passed, tries: 1 });
  expect(exams.begun()).toBe(1);
});

test('one that was spoilt or failed is held again, until it ends as it was meant to', async () => {
  const exams = hall([spoilt, failed, passed]);
  expect(await holdUntilMeant(exams, isPassed)).toMatchObject({ ...passed, tries: 3 });
  expect(exams.begun()).toBe(3);
});

test('what fails three times has failed', async () => {
  const exams = hall([failed, failed, failed, passed]);
  expect(await holdUntilMeant(exams, isPassed)).toMatchObject({ ...failed, tries: 3 });
  expect(exams.begun()).toBe(3);
});

test('to fail may be what was meant', async () => {
  const exams = hall([spoilt, failed]);
  expect(await holdUntilMeant(exams, ({ brokenBy }) => brokenBy === 'shard')).toMatchObject(failed);
  expect(exams.begun()).toBe(2);
});
