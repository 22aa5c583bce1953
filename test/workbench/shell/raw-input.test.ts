import { expect, test } from 'vitest';
import { createRawInput, forProgram, pasted } from '../../../src/workbench/shell/raw-input.js';

const plain = { applicationCursorKeys: false, bracketedPaste: false };

test('all keys are the shell’s, as they came, but the prefix key and what follows it', () => {
  const { take } = createRawInput();
  expect(take('ls\u0003\u001B[A\r')).toEqual({
    parts: [{ kind: 'keys', text: 'ls\u0003\u001B[A\r' }],
    rest: undefined,
  });
  expect(take('a\u001Dzb')).toEqual({ parts: [{ kind: 'keys', text: 'a' }], rest: 'zb' });
  expect(take('\u001D')).toEqual({ parts: [], rest: '' });
});

test('a paste is one part, however it is cut, and a prefix key in it is text', () => {
  const whole = 'x\u001B[200~one\u001Dtwo\r3\u001B[201~y';
  for (let cut = 'x\u001B[200~'.length; cut < whole.length - 1; cut++) {
    const { take } = createRawInput();
    const first = take(whole.slice(0, cut));
    const second = take(whole.slice(cut));
    expect(first.rest).toBeUndefined();
    expect([...first.parts, ...second.parts].filter((part) => part.kind === 'paste')).toEqual([
      { kind: 'paste', text: 'one\u001Dtwo\r3' },
    ]);
  }
});

test('a paste whose end got lost is given up by a Ctrl-C typed alone', () => {
  const { take } = createRawInput();
  take('\u001B[200~lost');
  expect(take('\u0003').parts).toEqual([{ kind: 'keys', text: '\u0003' }]);
  expect(take('ls').parts).toEqual([{ kind: 'keys', text: 'ls' }]);
});

test('cursor keys are sent as the program asked for them; modified ones stay', () => {
  const keys = { kind: 'keys', text: '\u001B[A\u001B[D\u001B[1;5C\u001B[5~\u001B[H' } as const;
  expect(forProgram(keys, plain)).toBe(keys.text);
  expect(forProgram(keys, { ...plain, applicationCursorKeys: true })).toBe(
    '\u001BOA\u001BOD\u001B[1;5C\u001B[5~\u001BOH',
  );
});

test('a paste is marked where the program asked for marks, and cannot end itself', () => {
  expect(pasted('a\nb', plain)).toBe('a\rb');
  expect(pasted('a\r\nb', { bracketedPaste: true })).toBe('\u001B[200~a\rb\u001B[201~');
  expect(pasted('a\u001B[201~rm', { bracketedPaste: true })).toBe('\u001B[200~arm\u001B[201~');
});
