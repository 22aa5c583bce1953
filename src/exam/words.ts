import { rushSeconds } from './plan.js';
import type { ExamFaultKind, ExamReport, Invariant } from './report.js';

const phases: Readonly<Record<ExamReport['phase'], string>> = {
  calm: 'a calm evening, to compare with',
  rush: 'Black Friday',
  verify: 'looking for every order',
  done: 'over',
};
const titles: Readonly<Record<Invariant['id'], string>> = {
  errors: 'failures',
  latency: 'waiting',
  lost: 'orders',
  stale: 'prices',
};
const signs: Readonly<Record<Invariant['state'], string>> = { open: '…', holds: '✓', broken: '✗' };
const victims: Readonly<Record<ExamFaultKind, string>> = {
  shop: 'a shop',
  shard: "a shard's primary",
  redis: 'a Redis',
};

/** An exam as it is told: a sentence on how it stands, then what has to hold, then what was killed. */
export function examLines(report: ExamReport): readonly string[] {
  const { seed, phase, held, invariants, faults, brokenBy, tries = 1 } = report;
  return [
    `Exam, seed ${seed}: ${phases[phase]}, ${held} of ${rushSeconds} s held. ${verdict(report)}`.trim(),
    ...invariants.map(
      ({ id, state, observed, bound }) => `  ${signs[state]} ${titles[id].padEnd(9)} ${observed} (${bound})`,
    ),
    ...faults.map(
      ({ kind, service, until }) =>
        `  ${service}, ${victims[kind]}, was killed${until === undefined ? '' : ', and is back'}`,
    ),
    ...(tries > 1
      ? [`The course began the exam ${tries} times: the earlier ones did not end as meant.`]
      : []),
    ...(brokenBy ? [`Most failures came while ${victims[brokenBy]} was dead.`] : []),
  ];
}

function verdict({ state, passed, problem }: ExamReport): string {
  if (problem !== undefined) return `It could not go on: ${problem}.`;
  if (state === 'stopped') return 'It was broken off.';
  if (state === 'dead')
    return 'Its process is gone. Its customers may still be there: mongo-scale-course traffic stop';
  if (passed === undefined) return '';
  return passed ? 'Passed.' : 'Not passed.';
}
