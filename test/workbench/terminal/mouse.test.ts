import { expect, test } from 'vitest';
import { takeMouse } from '../../../src/workbench/terminal/mouse.js';

test.each([
  ['\u001B[<0;1;1M', 'click'],
  ['\u001B[<16;1;1M', 'click'],
  ['\u001B[<64;1;1M', 'wheel-up'],
  ['\u001B[<69;1;1M', 'wheel-down'],
])('%j is a %s', (report, kind) => {
  expect(takeMouse(report)).toEqual({ actions: [{ kind, column: 0, row: 0 }], left: '', unfinished: '' });
});

test.each([
  ['a release', '\u001B[<0;1;1m'],
  ['the middle button', '\u001B[<1;1;1M'],
  ['the right button', '\u001B[<2;1;1M'],
  ['a wheel that goes sideways', '\u001B[<66;1;1M'],
])('%s means nothing, and is no key either', (_, report) => {
  expect(takeMouse(`x${report}y`)).toEqual({ actions: [], left: 'xy', unfinished: '' });
});

test('the beginning of a report waits for its end', () => {
  expect(takeMouse('q\u001B[<64;12')).toEqual({ actions: [], left: 'q', unfinished: '\u001B[<64;12' });
});

test('other sequences stay as they are', () => {
  const keys = '\u001B[A\u001BOB\u001B[5~\u001B[200~<0;1;1M\u001B[201~\u001B';
  expect(takeMouse(keys)).toEqual({ actions: [], left: keys, unfinished: '' });
});
