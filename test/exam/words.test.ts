import { expect, it } from 'vitest';
import type { ExamReport } from '../../src/exam/report.js';
import { examLines } from '../../src/exam/words.js';

const report: ExamReport = {
  state: 'running',
  phase: 'rush',
  pid: 1,
  at: 0,
  startedAt: 0,
  seed: 7,
  held: 23,
  faults: [{ kind: 'shop', service: 'shop2', at: 0 }],
  invariants: [
    { id: 'errors', state: 'open', observed: '0.1 % of 900 requests failed', bound: 'fewer than 1 %' },
  ],
};

it('says how far it is, what has to hold, and what was killed', () => {
  expect(examLines(report)).toEqual([
    'Exam, seed 7: Black Friday, 23 of 60 s held.',
    '  … failures  0.1 % of 900 requests failed (fewer than 1 %)',
    '  shop2, a shop, was killed',
  ]);
});

it('says how it ended, and what to look at', () => {
  const over = { ...report, state: 'over', phase: 'done' } as const;
  expect(examLines({ ...over, passed: true })[0]).toContain('Passed.');
  expect(examLines({ ...over, passed: false, brokenBy: 'shard' }).at(-1)).toBe(
    "Most failures came while a shard's primary was dead.",
  );
  expect(examLines({ ...over, problem: 'no customer was served' })[0]).toContain(
    'It could not go on: no customer was served.',
  );
});

it('reports how often the course began it, where that was more than once', () => {
  const over = { ...report, state: 'over', phase: 'done', passed: true } as const;
  expect(examLines({ ...over, tries: 1 }).join('\n')).not.toContain('times');
  expect(examLines({ ...over, tries: 2 }).at(-1)).toBe(
    'The course began the exam 2 times: the earlier ones did not end as meant.',
  );
});

it('names the way to end the customers that a killed exam has left', () => {
  expect(examLines({ ...report, state: 'dead' })[0]).toContain('mongo-scale-course traffic stop');
});
