import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEnterSpacing } from '../../../src/workbench/shell/enter-spacing.js';

let sent: { text: string; at: number }[];
let begun: number;
const spacing = () =>
  createEnterSpacing((text) => {
    sent.push({ text, at: Date.now() - begun });
  }, 200);
const texts = () => sent.map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  begun = Date.now();
});
afterEach(() => void vi.useRealTimers());

test('keys and a first Enter go at once', () => {
  const { send } = spacing();
  for (const text of ['d', 'b', '\r', 'x']) send(text);
  expect(texts()).toEqual(['d', 'b', '\r', 'x']);
});

test('a second Enter waits until the time between two has passed, and what follows waits with it', () => {
  const { send } = spacing();
  send('\r');
  vi.advanceTimersByTime(50);
  send('\r');
  send('x');
  expect(texts()).toEqual(['\r']);
  vi.advanceTimersByTime(149);
  expect(texts()).toEqual(['\r']);
  vi.advanceTimersByTime(1);
  expect(sent).toEqual([
    { text: '\r', at: 0 },
    { text: '\r', at: 200 },
    { text: 'x', at: 200 },
  ]);
});

test('lines keep their order and their distance', () => {
  const { send } = spacing();
  for (const text of ['a', '\r', 'b', '\r', 'c', '\r']) send(text);
  vi.advanceTimersByTime(1_000);
  expect(sent).toEqual([
    { text: 'a', at: 0 },
    { text: '\r', at: 0 },
    { text: 'b', at: 0 },
    { text: '\r', at: 200 },
    { text: 'c', at: 200 },
    { text: '\r', at: 400 },
  ]);
});

test('an Enter that brings a statement with it is one too', () => {
  const { send } = spacing();
  send('\r');
  send('\rdb.hello()');
  expect(texts()).toEqual(['\r']);
  vi.advanceTimersByTime(200);
  expect(texts()).toEqual(['\r', '\rdb.hello()']);
});

test('an Enter that came in one chunk with its line is one too', () => {
  const { send } = spacing();
  send('exit\r');
  send('\r');
  expect(texts()).toEqual(['exit\r']);
  vi.advanceTimersByTime(200);
  expect(texts()).toEqual(['exit\r', '\r']);
});

test('Enters of a key that is held down do not pile up', () => {
  const { send } = spacing();
  for (let i = 0; i < 30; i++) send('\r');
  vi.advanceTimersByTime(10_000);
  expect(texts()).toEqual(['\r', '\r']);
});

test('an interrupt goes at once, and what waits is forgotten', () => {
  const { send, interrupt } = spacing();
  send('\r');
  send('\r');
  send('x');
  interrupt('\u0003');
  vi.advanceTimersByTime(1_000);
  expect(texts()).toEqual(['\r', '\u0003']);
  send('\r');
  expect(texts()).toEqual(['\r', '\u0003', '\r']);
});
