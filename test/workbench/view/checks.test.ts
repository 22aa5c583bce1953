import { expect, test, vi } from 'vitest';
import type { CheckVerdict } from '../../../src/grading/verdict.js';
import type { LessonView } from '../../../src/workbench/state/state.js';
import { plainMarkdown } from '../../../src/workbench/text/load-markdown.js';
import { checksLines } from '../../../src/workbench/view/checks-lines.js';
import { addShards } from '../support/fake-session.mjs';

vi.hoisted(() => {
  process.env.FORCE_COLOR = '0';
});

const verdict = (
  title: string,
  state: CheckVerdict['state'],
  rest: Partial<CheckVerdict> = {},
): CheckVerdict => ({
  title,
  at: 'router1',
  kind: 'state',
  state,
  observed: 'one shard',
  reproduce: 'sh.status()',
  ...rest,
});
const four = [
  verdict('The router answers', 'pass'),
  verdict('shard1 is a shard', 'pending', { expected: 'two shards' }),
  verdict('shard2 is a shard', 'wrong', { mistake: 'x', explanation: 'It is another set.' }),
  verdict('The balancer is on', 'error', { observed: 'a cursor broke', explanation: 'Not your fault.' }),
];

function viewOf(verdicts: readonly CheckVerdict[], rest: Partial<LessonView> = {}): LessonView {
  const lesson = { ...addShards, checks: verdicts };
  return { lesson, verdicts, measured: [], passed: false, oncePassed: new Set(), hints: 0, ...rest };
}
const lines = (view: LessonView, width = 60) =>
  checksLines(view, { stage: 'sharding', runtime: 'local' }, width, plainMarkdown);

test('the first open check is told in full, the others short', () => {
  const { lines: text, expanded } = lines(viewOf(four));
  expect(text).toMatchInlineSnapshot(`
    [
      "✓ The router answers",
      "",
      "○ shard1 is a shard",
      "  not yet                                            router1",
      "  observed  one shard",
      "  expected  two shards",
      "  look with sh.status()",
      "",
      "✗ shard2 is a shard",
      "  wrong, one shard",
      "! The balancer is on",
      "  course error, a cursor broke",
    ]
  `);
  expect(text.slice(expanded.first, expanded.last + 1).join('\n')).toContain('sh.status()');
});

test('a line that is typed elsewhere than on what the check is about says where', () => {
  const status = { reproduce: 'rs.status()', reproduceAt: { service: 'shard1a', shell: 'own' } } as const;
  expect(lines(viewOf([verdict('shard1 has a primary', 'pending', status)])).lines).toContain(
    '  look with on shard1a: rs.status()',
  );
  expect(lines(viewOf([verdict('It has', 'pending', { ...status, at: 'shard1a' })])).lines).toContain(
    '  look with rs.status()',
  );
});

test('what is measured stands below the checks, beside what was predicted', () => {
  const measured = [
    { id: 'outage', title: 'The outage', unit: 's', state: 'measured', predicted: 3, value: 11.2 },
    { id: 'lost', title: 'Lost orders', unit: '', state: 'unpredicted' },
  ] as const;
  expect(lines(viewOf([], { measured })).lines).toEqual([
    '',
    'Measured',
    '✓ The outage: you predicted 3 s, measured 11.2 s',
    '○ Lost orders: predict it first: answer the question',
  ]);
});

test('the check that was chosen is told in full in its place', () => {
  const chosen = (index: number) => lines(viewOf(four, { chosenCheck: index })).lines.join('\n');
  expect(chosen(2)).toContain('It is another set.');
  expect(chosen(2)).not.toContain('expected');
  expect(chosen(0)).toContain('observed  one shard');
});

test('a checker that fails is the course’s fault, in words that say so', () => {
  const text = lines(viewOf(four, { chosenCheck: 3 })).lines.join('\n');
  expect(text).toContain('! The balancer is on');
  expect(text).toContain('course error');
  expect(text).toContain('the fault a cursor broke');
  expect(text).toContain('Not your fault.');
});

test('a check that was passed and is not any more says so, short and in full', () => {
  const lost = viewOf(four, { oncePassed: new Set([1, 2]) });
  expect(lines(lost).lines.filter((line) => line.includes('was passed, is not any more'))).toHaveLength(2);
});

test('all passed is a line a check', () => {
  const passed = four.map((one) => ({ ...one, state: 'pass' as const }));
  expect(lines(viewOf(passed)).lines).toEqual(passed.map(({ title }) => `✓ ${title}`));
});

test('a check whose words are long keeps to one line while it is short', () => {
  const long = four.map((one) => ({ ...one, title: one.title.repeat(9), observed: 'much '.repeat(40) }));
  const passed = lines(viewOf(long, { chosenCheck: 1 }), 40).lines;
  expect(passed[0]).toHaveLength(40);
  expect(passed.filter((line) => line.startsWith('✗'))).toHaveLength(1);
});
