import { expect, test } from 'vitest';
import { flushKeys, type Key, nextKey } from '../../../src/workbench/terminal/keys.js';

/** All keys of what came, and what is left of it until more comes. */
function parseKeys(chunk: string): { keys: readonly Key[]; rest: string } {
  const keys: Key[] = [];
  let rest = chunk;
  while (rest !== '') {
    const next = nextKey(rest);
    if (next === undefined) break;
    if (next.key !== undefined) keys.push(next.key);
    rest = rest.slice(next.length);
  }
  return { keys, rest };
}

const names = (chunk: string) => parseKeys(chunk).keys.map((key) => key.name);

test('plain characters are their own names, several in one chunk too', () => {
  expect(names('aB?é🙂')).toEqual(['a', 'B', '?', 'é', '🙂']);
});

test('control keys have names', () => {
  expect(names('\r\t\u007F\u0003\u001B[Z ')).toEqual([
    'enter',
    'tab',
    'backspace',
    'ctrl+c',
    'shift+tab',
    'space',
  ]);
});

test('arrows are known in normal and in application mode', () => {
  expect(names('\u001B[A\u001BOA\u001B[5~\u001B[6~\u001BOH')).toEqual([
    'up',
    'up',
    'pageup',
    'pagedown',
    'home',
  ]);
});

test('mouse reports and unknown sequences are dropped, what follows is not', () => {
  expect(names('\u001B[<0;10;5Mq\u001B[Ij\u001B[15~k')).toEqual(['q', 'j', 'k']);
});

test('a sequence that is split waits for its rest', () => {
  const first = parseKeys('x\u001B[');
  expect(first).toEqual({ keys: [{ name: 'x', text: 'x' }], rest: '\u001B[' });
  expect(names(`${first.rest}B`)).toEqual(['down']);
});

test('a paste is one key, whatever is in it', () => {
  expect(parseKeys('\u001B[200~q\r\u0003\u001B[201~n').keys).toEqual([
    { name: 'paste', text: 'q\r\u0003' },
    { name: 'n', text: 'n' },
  ]);
  expect(parseKeys('\u001B[200~half')).toEqual({ keys: [], rest: '\u001B[200~half' });
});

test('a lone ESC is the Escape key once nothing follows; an unfinished sequence is nothing', () => {
  expect(parseKeys('\u001B')).toEqual({ keys: [], rest: '\u001B' });
  expect(flushKeys('\u001B')).toEqual([{ name: 'escape' }]);
  expect(flushKeys('\u001B[')).toEqual([]);
});

test('ESC before another key is Escape, then that key', () => {
  expect(names('\u001Bq')).toEqual(['escape', 'q']);
});
