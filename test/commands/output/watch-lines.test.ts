import { expect, test } from 'vitest';
import { isOver, watchLines } from '../../../src/commands/output/watch-lines.js';
import type { CheckVerdict, Figure, LessonVerdict } from '../../../src/grading/verdict.js';

const check = (change: Partial<CheckVerdict> = {}): CheckVerdict => ({
  title: 'No order is lost',
  at: 'shop1',
  kind: 'state',
  state: 'pending',
  observed: '10 orders',
  ...change,
});
const figure: Figure = { id: 'wait', title: 'The longest wait', unit: 's', state: 'unmeasured' };
const verdict = (checks: readonly CheckVerdict[], rest: Partial<LessonVerdict> = {}): LessonVerdict => ({
  lesson: 'sharding/reshard',
  passed: false,
  checks,
  measured: [figure],
  ...rest,
});
const other = check({ title: 'Both shards hold orders', observed: 'none' });

test('the first look is told whole', () => {
  const text = watchLines()
    .of(verdict([check(), other]))
    .join('\n');
  expect(text).toMatch(
    /No order is lost\n +seen: +10 orders[\s\S]*Both shards hold orders[\s\S]*The longest wait/,
  );
});

test('a counter that moves under traffic is no news', () => {
  const news = watchLines();
  news.of(verdict([check(), other]));
  expect(news.of(verdict([check({ observed: '11 orders', expected: 'more than 11' }), other]))).toEqual([]);
});

test('a state, another mistake and a value are, each by itself', () => {
  const news = watchLines();
  news.of(verdict([check(), other]));
  const wrong = check({ state: 'wrong', mistake: 'nobody-ordered', explanation: 'Nobody ordered.' });
  expect(news.of(verdict([wrong, other])).join('\n')).toMatch(
    /^✗ a mistake {2}No order[\s\S]*Nobody ordered\.$/,
  );
  expect(news.of(verdict([{ ...wrong, observed: '12 orders' }, other]))).toEqual([]);
  const dropped = { ...wrong, mistake: 'orders-dropped', explanation: 'They are gone.' };
  expect(news.of(verdict([dropped, other])).join('\n')).toContain('They are gone.');
  const measured = [{ ...figure, state: 'measured' as const, value: 2.5 }];
  expect(news.of(verdict([dropped, other], { measured }))).toEqual([
    '≈ measured  The longest wait: measured 2.5 s',
  ]);
});

test('after a trouble all is told anew', () => {
  const news = watchLines();
  const first = news.of(verdict([check(), other]));
  news.anew();
  expect(news.of(verdict([check(), other]))).toEqual(first);
});

test('of a lesson that is skipped here only that is told, and the watch is over', () => {
  const skipped = verdict([check()], { skipped: 'no nginx here' });
  expect(watchLines().of(skipped)).toEqual(['– skipped on this machine: no nginx here']);
  expect(isOver(skipped)).toBe(true);
  expect(isOver(verdict([check()], { passed: true }))).toBe(true);
  expect(isOver(verdict([check()]))).toBe(false);
});
