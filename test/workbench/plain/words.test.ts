import { expect, test } from 'vitest';
import { parseLine, plainWords } from '../../../src/workbench/plain/words.js';

test.each(plainWords.map(({ command }) => command))('the word %s is known', (command) => {
  expect(parseLine(command)).toEqual({ kind: 'command', command, argument: '' });
});

test('case and blanks do not matter, and what follows is the argument', () => {
  expect(parseLine('  Open   add  shards ')).toEqual({
    kind: 'command',
    command: 'open',
    argument: 'add shards',
  });
});

test.each([
  ['?', 'help'],
  ['exit', 'quit'],
  ['previous', 'back'],
])('%s means %s', (line, command) => {
  expect(parseLine(line)).toMatchObject({ kind: 'command', command });
});

test('an empty line is no command', () => {
  expect(parseLine(' \t')).toEqual({ kind: 'empty' });
});

test('an unknown word is answered with the nearest one', () => {
  expect(parseLine('chekc it')).toEqual({ kind: 'unknown', word: 'chekc', nearest: 'check' });
});
