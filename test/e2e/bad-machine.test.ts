import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/package.js';

const main = join(packageRoot, 'dist', 'src', 'main.js');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msc-machine-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A command line run by a shell, with the program as `$0 $1`. */
function inShell(script: string) {
  const env = { MSC_HOME: join(folder, 'home'), MSC_RUNTIME: 'local', NO_COLOR: '1' };
  return execa('bash', ['-c', script, process.execPath, main], { env, reject: false, stdin: 'ignore' });
}

const cases: Record<string, readonly [script: string, exitCode: number, words: RegExp]> = {
  'an output that is full': ['"$0" "$1" list > /dev/full', 3, /There is no space left/],
  'a limit of open files': ['ulimit -n 64; "$0" "$1" list', 3, /ulimit -n 1024/],
  'a course folder that is not there': ['"$0" "$1" lint /nonexist', 2, /is no folder/],
  'a course folder that is a file': ['"$0" "$1" lint /etc/passwd', 2, /is no folder/],
};

test.each(Object.entries(cases))(
  '%s is not reported as a mistake of the course',
  async (_, [script, exitCode, words]) => {
    const result = await inShell(script);
    expect(result.stderr).toMatch(words);
    expect(result.stderr).not.toMatch(/mistake of its own|^\s+at /m);
    expect(result.exitCode).toBe(exitCode);
  },
);

test('an empty MSC_RUNTIME is as good as none', async () => {
  const result = await inShell('MSC_RUNTIME= MSC_LANG= MSC_THEME= "$0" "$1" list --json');
  expect(result.stderr).toBe('');
  expect(result.exitCode).toBe(0);
});

test('an MSC_BIN_DIR that is no folder is reported', async () => {
  const result = await inShell('MSC_BIN_DIR=/nonexist "$0" "$1" doctor');
  expect(result.stdout).toContain('MSC_BIN_DIR names /nonexist, which is no folder');
});

test('a home with a backslash is refused before anything is started', async () => {
  const result = await inShell('MSC_HOME="$MSC_HOME\\\\x" "$0" "$1" up single-node');
  expect(result.stderr).toContain('there is a backslash in its name');
  expect(result.exitCode).toBe(3);
});
