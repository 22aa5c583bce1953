import { expect, test } from 'vitest';
import { figureText } from '../../src/grading/figure.js';
import type { Figure } from '../../src/grading/verdict.js';
import { amountText, timeText } from '../../src/lesson/figure.js';

test.each([
  [0, '0 ms'],
  [830.4, '830 ms'],
  [999.6, '1.0 s'],
  [11_234, '11.2 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min'],
  [125_000, '2 min 5 s'],
])('%d milliseconds are read as %s', (milliseconds, text) => {
  expect(timeText(milliseconds)).toBe(text);
});

test.each([
  [52.51, '%', '52.5 %'],
  [0.034, '%', '0.03 %'],
  [1204, 'orders', '1,204 orders'],
  [1, 'orders', '1 order'],
  [1, 's', '1 s'],
  [3, '', '3'],
  [11_234, 'ms', '11.2 s'],
])('%d in "%s" is read as %s', (amount, unit, text) => {
  expect(amountText(amount, unit)).toBe(text);
});

const outage: Figure = { id: 'outage', title: 'Outage', unit: 's', state: 'unmeasured' };
test.each<[Partial<Figure>, string]>([
  [{}, 'not measured yet'],
  [{ state: 'unpredicted' }, 'predict it first: answer the question'],
  [{ predicted: 3 }, 'you predicted 3 s, not measured yet'],
  [{ state: 'measured', predicted: 3, value: 11.23 }, 'you predicted 3 s, measured 11.2 s'],
  [
    { state: 'measured', predicted: 3, predictedBy: 'course', value: 11.23 },
    'the course predicted 3 s, measured 11.2 s',
  ],
  [{ state: 'measured', predicted: 'none', value: 0 }, 'you predicted none, measured 0 s'],
  [{ state: 'measured', value: 11.23 }, 'measured 11.2 s'],
])('a figure with %o reads "%s"', (part, text) => {
  expect(figureText({ ...outage, ...part })).toBe(text);
});
