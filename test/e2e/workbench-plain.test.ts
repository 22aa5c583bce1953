import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findLesson, loadCatalog } from '../../src/course/catalog.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { packageRoot } from '../../src/package.js';
import { portOffsetFor } from '../support/ports.js';
import { openPty, type Pty } from '../workbench/support/pty.js';

// Plain mode as a learner meets it: in a real pseudo-terminal and through pipes.
const program = fileURLToPath(new URL('../workbench/support/fake-workbench.mjs', import.meta.url));
const escapeCharacter = '\u001B';
const keys = { enter: '\r', ctrlC: '\u0003', ctrlD: '\u0004' };

let folder: string;
let pty: Pty | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plain-'));
});
afterEach(() => {
  pty?.close();
  pty = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Opens plain mode from a shell on a made-up lab, and waits for the end of its lesson. */
async function openPlain(
  session: Record<string, unknown> = {},
  env: Record<string, string> = {},
): Promise<Pty> {
  const script =
    'stty -a >"$1/before"; "$2" "$3" "$4"; code=$?; stty -a >"$1/after"; echo "ended with $code"';
  const options = JSON.stringify({ plain: env.TERM === undefined, pidFile: join(folder, 'pid'), ...session });
  const opened = openPty('bash', ['-c', script, 'sh', folder, process.execPath, program, options], { env });
  pty = opened;
  await opened.shows('help lists all.');
  return opened;
}

async function expectEnd(opened: Pty, code: number): Promise<void> {
  await opened.shows(`ended with ${code}`);
  expect(readFileSync(join(folder, 'after'), 'utf8')).toBe(readFileSync(join(folder, 'before'), 'utf8'));
}

const workbenchPid = (): number => Number(readFileSync(join(folder, 'pid'), 'utf8'));

test('the course is a conversation: nothing is drawn, coloured, or written over', async () => {
  const opened = await openPlain();
  opened.type(`hint${keys.enter}`);
  await opened.shows('Hint 1 of 3: Which server knows of the shards?');
  opened.type(`hnit${keys.enter}`);
  await opened.shows('There is no word "hnit". Did you mean hint?');
  opened.type(`list the${keys.enter}`);
  await opened.shows('sharding/add-shards: Add the shards (8 min, open now)');
  opened.type(`glossary routers${keys.enter}`);
  await opened.shows('router: explained in sharding/add-shards');
  opened.type(`mistakes${keys.enter}`);
  await opened.shows('Met on 31 January 2026: It listens elsewhere.');
  opened.type(`summary${keys.enter}`);
  await opened.shows('you predicted 30 s, measured 4.2 s');
  opened.type(`answer 50${keys.enter}`);
  await opened.shows('Kept: 50.');
  opened.type(`answer${keys.enter}`);
  await opened.shows('2. No');
  opened.type(`2${keys.enter}`);
  await opened.shows('Kept: No.');
  opened.type(`quit${keys.enter}`);
  await expectEnd(opened, 0);
  expect(await opened.text()).toContain('The lab goes on running (sharding).');
  expect(opened.output()).not.toContain(escapeCharacter);
  expect(opened.output()).not.toMatch(/[\u2500-\u25FF]/);
});

test.each([
  ['INK_SCREEN_READER', 'true'],
  ['TERM', 'dumb'],
])('%s=%s is enough to have it', async (name, value) => {
  const opened = await openPlain({ plain: false }, { [name]: value });
  expect(opened.output()).not.toContain(escapeCharacter);
  opened.type(keys.ctrlD);
  await expectEnd(opened, 0);
});

test('a shell has the terminal for itself; what it changed is told after it', async () => {
  const doneFile = join(folder, 'done');
  const opened = await openPlain({ doneFile });
  await opened.shows('Checks: 0 of 2 passed.');
  opened.type(`shell${keys.enter}`);
  await opened.shows(/^shell> $/m);
  opened.type(`echo begin; cat${keys.enter}`);
  await opened.shows(/^begin/m);
  opened.type(`a line${keys.enter}`);
  await opened.shows(/a line\na line/);
  opened.type(keys.ctrlC);
  await opened.shows(/\^C\n+shell> $/m);
  opened.type(`touch ${doneFile}${keys.enter}`);
  await expect.poll(() => existsSync(doneFile)).toBe(true);
  opened.type(`exit${keys.enter}`);
  await opened.shows('Every check is passed.');
  await opened.shows('What happened');
  opened.type(`quit${keys.enter}`);
  await expectEnd(opened, 0);
});

test('a check that changes while the learner is asked is told, and he is asked again', async () => {
  const doneFile = join(folder, 'done');
  const opened = await openPlain({ doneFile });
  await opened.shows(/2\. not yet.*\n> $/m);
  await execa('touch', [doneFile]);
  await opened.shows(/next goes on to the next lesson\.\n> $/m);
  opened.type(`quit${keys.enter}`);
  await expectEnd(opened, 0);
});

test('Ctrl-C breaks off what is under way, and with nothing under way the course', async () => {
  const opened = await openPlain({ hang: true });
  opened.type(`up${keys.enter}`);
  await opened.shows('config1: answers');
  opened.type(keys.ctrlC);
  await opened.shows('Cancelled. What is up stays up.');
  opened.type(keys.ctrlC);
  await expectEnd(opened, 130);
});

test('SIGTERM ends it', async () => {
  const opened = await openPlain();
  process.kill(workbenchPid(), 'SIGTERM');
  await expectEnd(opened, 143);
});

/** Sends words through a pipe to the made-up course. */
async function pipe(lines: readonly string[], session: Record<string, unknown> = {}): Promise<string> {
  const options = JSON.stringify({ plain: true, ...session });
  const input = lines.map((line) => `${line}\n`).join('');
  const { stdout, exitCode } = await execa(process.execPath, [program, options], { input, reject: false });
  expect(exitCode).toBe(0);
  return stdout;
}

test('through a pipe each word is answered in its turn, and the end of the input is the end', async () => {
  const text = await pipe([
    'next',
    'open no such',
    'open add',
    'goto',
    'no',
    'undo',
    'no',
    'undo',
    'yes',
    'debrief',
    'check',
  ]);
  const order = [
    '> next\nThis was the last lesson.',
    '> open no such\nProblem: No lesson has "no such" in its title or id.',
    '> open add\nLesson sharding/add-shards: Add the shards.',
    'Type yes to go on:\n> no\nNothing was changed.',
    '> undo\nThe lab goes back to the start of this lesson',
    'Type yes to go on:\n> no\nNothing was changed.',
    'Type yes to go on:\n> yes',
    'The lab is at the start of sharding/add-shards.',
    '> debrief\nThe debrief comes once every check is passed.',
    '> check\nChecks: 0 of 2 passed.',
    'The lab goes on running (sharding).',
  ];
  let at = 0;
  for (const expected of order) {
    at = text.indexOf(expected, at);
    expect(at, `${expected}\nin\n${text}`).toBeGreaterThanOrEqual(0);
  }
});

test('checkpoints are saved, listed and restored by words', async () => {
  const text = await pipe([
    'checkpoint save wild',
    'checkpoints',
    'checkpoint restore wild',
    'no',
    'checkpoint restore wild',
    'yes',
    'checkpoint drop wild',
    'checkpoint',
  ]);
  const order = [
    'Saved wild.',
    'wild: in sharding/add-shards, saved, 1.4 MiB.',
    'The lab goes back to the checkpoint wild.',
    'Nothing was changed.',
    'Restoring the checkpoint of sharding/add-shards.',
    'The lab is as in the checkpoint wild.',
    'Lesson sharding/add-shards',
    'Problem: "checkpoint drop wild" is not known here.',
    'Problem: Save a checkpoint, or restore one?',
  ];
  let at = 0;
  for (const expected of order) {
    at = text.indexOf(expected, at);
    expect({ expected, at }).not.toEqual({ expected, at: -1 });
    at += expected.length;
  }
});

test('faults are made by a word, and one that is not known is told', async () => {
  const text = await pipe(['fault kill shard1a', 'fault kil shard1a', 'fault stop', 'quit']);
  expect(text).toContain('> fault kill shard1a\nshard1a is killed without warning (SIGKILL).');
  expect(text).toContain('Problem: There is no fault "kil".');
  expect(text).toContain('Problem: After fault stop comes the name of one service.');
});

test('through a pipe the lines up to exit are the shell’s', async () => {
  const shell = { file: 'sh', args: ['-s'] };
  const text = await pipe(['shell', 'echo from the shell $((6 * 7))', 'exit', 'hint', 'quit', 'hint'], {
    shell,
  });
  expect(text).toMatch(/> shell\nfrom the shell 42\n.*> hint\nHint 1 of 3.*> quit\n/s);
  expect(text).not.toContain('Hint 2 of 3');
});

test('the first lesson is done through a pipe, on a real lab', async () => {
  const main = join(packageRoot, 'dist', 'src', 'main.js');
  const portOffset = String(await portOffsetFor(import.meta.filename));
  const options = ['--home', folder, '--runtime', 'local', '--port-offset', portOffset];
  const { plan } = findLesson(await loadCatalog<Lesson>(), 'single-node/first-mongod');
  const typed = plan.solution.flatMap((step) => (step.kind === 'shell' ? step.lines.split('\n') : []));
  try {
    const input = ['up', 'check', 'shell', ...typed, 'exit', 'check', 'quit']
      .map((line) => `${line}\n`)
      .join('');
    const { stdout, exitCode } = await execa(process.execPath, [main, '--plain', ...options], { input });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Stage single-node is up.');
    expect(stdout).toContain('2. not yet: The shop has its first product');
    expect(stdout).toMatch(/Every check is passed\..*> check\nChecks: 2 of 2 passed\./s);
    const { stdout: list } = await execa(process.execPath, [main, 'list', '--json', ...options]);
    expect(JSON.parse(list).stages[0].lessons[0]).toMatchObject({ state: 'passed' });
  } finally {
    await execa(process.execPath, [main, 'down', '--purge', ...options]);
  }
});
