import { expect, test } from 'vitest';
import type { CheckVerdict, Figure } from '../../../src/grading/verdict.js';
import { changeLines } from '../../../src/workbench/plain/changes.js';
import { reduce } from '../../../src/workbench/state/reducer.js';
import { initialState, type WorkbenchState } from '../../../src/workbench/state/state.js';
import {
  addShards,
  passedVerdicts,
  pendingVerdicts,
  snapshot,
  wrongVerdicts,
} from '../support/fake-session.mjs';

const start = reduce(initialState({ columns: 80, rows: 24 }), { type: 'lesson-opened', lesson: addShards });

function looked(
  state: WorkbenchState,
  checks: readonly CheckVerdict[],
  passed = false,
  measured: readonly Figure[] = [],
): WorkbenchState {
  return reduce(state, {
    type: 'session-event',
    event: { kind: 'verdicts', lesson: addShards.id, passed, checks, measured },
  });
}

const said = (before: WorkbenchState, after: WorkbenchState): string =>
  changeLines(before, after, 80).join('\n');

test('the first look is told in short', () => {
  expect(changeLines(start, looked(start, pendingVerdicts), 80)).toEqual([
    'Checks: 0 of 2 passed.',
    '  1. not yet: shard1 is a shard of the cluster (on router1)',
    '  2. not yet: shard2 is a shard of the cluster (on router1)',
  ]);
});

test('after it only what changed is told, with the mistake that was recognised', () => {
  const pending = looked(start, pendingVerdicts);
  const text = said(pending, looked(pending, wrongVerdicts));
  expect(text).toContain('1. passed: shard1 is a shard');
  expect(text).toContain('2. wrong: shard2 is a shard');
  expect(text).toContain('That was a shard. addShard goes to the router');
  expect(text).not.toMatch(/[*`]/);
});

test('what is only observed anew is not told', () => {
  const pending = looked(start, pendingVerdicts);
  const counted = pendingVerdicts.map((verdict) => ({ ...verdict, observed: 'another count' }));
  expect(said(pending, looked(pending, counted))).toBe('');
  expect(said(pending, pending)).toBe('');
});

test('passing is told with the debrief, and losing it again is told', () => {
  const pending = looked(start, pendingVerdicts);
  const passed = looked(pending, passedVerdicts, true);
  expect(said(pending, passed)).toContain(
    'Every check is passed.\n\nWhat happened\n\nBoth shards are known now.',
  );
  expect(said(passed, looked(passed, pendingVerdicts))).toContain('1. not yet, was passed: shard1');
});

test('a figure is told beside its prediction, once, when it was measured', () => {
  const figure: Figure = { id: 'outage', title: 'The outage', unit: 's', state: 'unmeasured', predicted: 3 };
  const before = looked(start, pendingVerdicts, false, [figure]);
  expect(said(start, before)).toContain('Measured: The outage: you predicted 3 s, not measured yet');
  const measured = { ...figure, state: 'measured', value: 11.2 } as const;
  const after = looked(before, pendingVerdicts, false, [measured]);
  expect(said(before, after)).toBe('  Measured: The outage: you predicted 3 s, measured 11.2 s');
  expect(said(after, looked(after, pendingVerdicts, false, [{ ...measured }]))).toBe('');
});

test('a service that dies is told, one seen for the first time is not', () => {
  const seen = reduce(start, { type: 'session-event', event: { kind: 'snapshot', snapshot } });
  expect(said(start, seen)).toBe('');
  const [first, ...others] = snapshot.nodes;
  if (first === undefined) throw new Error('a node is expected');
  const dead = { ...first, status: { ...first.status, state: 'dead' as const } };
  const after = reduce(seen, {
    type: 'session-event',
    event: { kind: 'snapshot', snapshot: { ...snapshot, nodes: [dead, ...others] } },
  });
  expect(said(seen, after)).toBe('config1 is dead now; it was running.');
});

test('a notice is told once, with what to do', () => {
  const notice = { message: 'Damaged.', remedy: 'It is kept.' };
  const noticed = reduce(start, { type: 'session-event', event: { kind: 'notice', notice } });
  expect(said(start, noticed)).toBe('Notice: Damaged.\nIt is kept.');
  expect(said(noticed, noticed)).toBe('');
});
