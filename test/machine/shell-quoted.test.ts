import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellQuoted } from '../../src/machine/shell-quoted.js';

test('shellQuoted quotes only what a shell would not read as one word', () => {
  expect(shellQuoted('rm', '-r', '/tmp/a-b_c.d')).toBe('rm -r /tmp/a-b_c.d');
  expect(shellQuoted('/tmp/g sp')).toBe("'/tmp/g sp'");
});

test.each(['g sp', `it's "here"`, '$(id)', '`id`', 'a\\b', 'a\nb', '*', ''])(
  'a shell reads %j as it was',
  (word) => {
    const read = execFileSync('sh', ['-c', `printf %s ${shellQuoted(word)}`], { encoding: 'utf8' });
    expect(read).toBe(word);
  },
);
