import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createKeyboard, type TerminalInput } from '../../../src/workbench/terminal/keyboard.js';
import type { Key } from '../../../src/workbench/terminal/keys.js';
import type { MouseAction } from '../../../src/workbench/terminal/mouse.js';

let send: (text: string) => void;
let keys: Key[];
let actions: MouseAction[];
let raw: (input: string) => string | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  const input = Object.assign(new EventEmitter(), { setRawMode() {}, resume() {}, pause() {} });
  keys = [];
  raw = () => undefined;
  actions = [];
  createKeyboard(input as TerminalInput, {
    onKey: (key) => keys.push(key),
    onMouse: (action) => actions.push(action),
    onRaw: (input) => raw(input),
  }).listen();
  send = (text) => void input.emit('data', Buffer.from(text));
});
afterEach(() => void vi.useRealTimers());

const names = () => keys.map(({ name }) => name);

test('a lone ESC is the Escape key once nothing followed for a moment', () => {
  send('\u001B');
  expect(names()).toEqual([]);
  vi.advanceTimersByTime(50);
  expect(names()).toEqual(['escape']);
});

test.each([
  ['in its text', '\u001B[200~hello', ' q q q \u001B[201~'],
  ['in its mark', '\u001B[200', '~hello q q q \u001B[201~'],
  ['in its end', '\u001B[200~hello q q q \u001B[20', '1~'],
])('a paste that stalls %s is one key all the same, and none of its text a command', (_, first, second) => {
  send(first);
  vi.advanceTimersByTime(10_000);
  expect(names()).toEqual([]);
  send(`${second}n`);
  expect(names()).toEqual(['paste', 'n']);
  expect(keys[0]?.text).toContain('hello');
});

test('Ctrl-C ends the wait for a paste whose end got lost', () => {
  send('\u001B[200~hello');
  send('\u0003');
  send('q');
  expect(names()).toEqual(['ctrl+c', 'q']);
});

test('mouse reports are taken out between keys, also one that comes in two parts', () => {
  send('a\u001B[<65;10;5Mb\u001B[<0;3');
  send(';4M\u001B[<0;3;4mc');
  expect(names()).toEqual(['a', 'b', 'c']);
  expect(actions).toEqual([
    { kind: 'wheel-down', column: 9, row: 4 },
    { kind: 'click', column: 2, row: 3 },
  ]);
});

test('a key may give all that follows it to a shell, which gives back what is not its own', () => {
  let shell: string | undefined;
  raw = (input) => {
    if (!names().includes('s') || names().includes('z')) return undefined;
    const [mine = '', ...rest] = input.split('\u001D');
    shell = mine;
    raw = () => undefined;
    return rest.join('');
  };
  send('asls -l\r\u001Dzq');
  expect(shell).toBe('ls -l\r');
  expect(names()).toEqual(['a', 's', 'z', 'q']);
});
