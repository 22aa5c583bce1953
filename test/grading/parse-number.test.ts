import { expect, test } from 'vitest';
import { readNumber } from '../../src/grading/parse-number.js';

test.each([
  ['42', '42'],
  [' 0,5 ', '0.5'],
  ['-3', '-3'],
  ['+3', '3'],
  ['007', '7'],
  ['.5', '0.5'],
  ['12 ms', '12'],
  ['12MS', '12'],
  ['0,125 ms', '0.125'],
  ['1234,500', '1234.5'],
  ['12.345', '12.345'],
])('"%s" is %s', (typed, value) => {
  expect(readNumber(typed, 'ms')).toBe(value);
});

test.each([
  [''],
  ['ms'],
  ['x'],
  ['1x'],
  ['Infinity'],
  ['1e3'],
  ['0x10'],
  ['1.2.3'],
  ['4ms2'],
  ['12 s'],
  ['50,000'],
  ['50.000'],
  ['120.000 ms'],
  ['50 000'],
  ['9'.repeat(400)],
])('"%s" is no number of milliseconds', (typed) => {
  expect(readNumber(typed, 'ms')).toBeUndefined();
});
