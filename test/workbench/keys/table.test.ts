import { expect, test } from 'vitest';
import type { KeyContext } from '../../../src/workbench/keys/binding.js';
import { bindingsIn, commandFor, keyLabel } from '../../../src/workbench/keys/match.js';
import { keyTable } from '../../../src/workbench/keys/table.js';

const contexts = [...new Set(keyTable.flatMap((binding) => binding.in))];

test.each(contexts)('no key means two things in %s', (context: KeyContext) => {
  const keys = bindingsIn(context).flatMap((binding) => binding.keys);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

// In a shell they are the shell's; its way out is the prefix key.
const outsideShell = contexts.filter((context) => context !== 'shell');

test.each(outsideShell)('there is a way out of %s by Escape or q', (context: KeyContext) => {
  const commands = ['escape', 'q'].map((key) => commandFor(context, key));
  expect(
    commands.some((command) =>
      ['quit', 'dismiss', 'cancel', 'show-course', 'close-shell', 'live-shell', 'leave-demo'].includes(
        command ?? '',
      ),
    ),
  ).toBe(true);
});

test('Ctrl-C is known everywhere but in a shell, and the prefix key there', () => {
  for (const context of outsideShell) expect(commandFor(context, 'ctrl+c'), context).toBe('quit');
  expect(bindingsIn('shell').map((binding) => binding.keys)).toEqual([['ctrl+]']]);
});

test('typing a number is not taken for commands', () => {
  for (const key of ['0', '9', '.', ',', '-', 'q', 'n'])
    expect(commandFor('number', key), key).toBeUndefined();
});

test('keys are shown as they are printed on keyboards', () => {
  expect(['up', 'escape', 'ctrl+c', 'shift+tab', 'enter', 'n', '?'].map(keyLabel)).toEqual([
    '↑',
    'Esc',
    'Ctrl+C',
    'Shift+Tab',
    'Enter',
    'n',
    '?',
  ]);
});
