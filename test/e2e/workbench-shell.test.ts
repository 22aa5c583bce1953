import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Pty } from '../workbench/support/pty.js';
import { createFakeRun, expectGone, type FakeRun, type RunOptions } from './support/fake-run.js';

// The shell pane of the built workbench in a real pseudo-terminal: bash on a made-up lab.
const keys = { enter: '\r', ctrlC: '\u0003', ctrlZ: '\u001A', prefix: '\u001D', escape: '\u001B' };
const prompt = /^│shell> +│$/m;

let run: FakeRun;
beforeEach(() => {
  run = createFakeRun();
});
afterEach(() => run.close());

/** A lesson with a shell open below it, at its first prompt. */
async function openShell(options?: RunOptions): Promise<Pty> {
  const opened = await run.open(options);
  opened.type(keys.enter);
  await opened.shows('Add the shards (8 min)');
  opened.type('s');
  await opened.shows(prompt);
  return opened;
}

const enter = (opened: Pty, line: string): void => opened.type(`${line}${keys.enter}`);
/** Waits for a line of the pane that begins so. */
const line = (text: string): RegExp => new RegExp(`^│${text} *│$`, 'm');

async function shellPid(opened: Pty): Promise<number> {
  enter(opened, `echo $$ >${run.folder}/shell; echo wr""itten`);
  await opened.shows(line('written'));
  return Number(run.read('shell'));
}

test('what is typed right after the key that opens a shell is the shell’s', async () => {
  const opened = await openShell();
  opened.type(`${keys.prefix}x`);
  await opened.shows('s shell');
  opened.type(`secho ty""ped${keys.enter}`);
  await opened.shows(line('typed'));
});

test('Ctrl-C and Ctrl-Z are the program’s, not the workbench’s', async () => {
  const opened = await openShell();
  enter(opened, 'echo be""gin; cat');
  await opened.shows(line('begin'));
  opened.type(keys.ctrlC);
  await opened.shows(/\^C *│\n│shell> /);
  enter(opened, 'echo sec""ond; cat');
  await opened.shows(line('second'));
  opened.type(keys.ctrlZ);
  await opened.shows(/Stopped +cat/);
  enter(opened, 'kill %1; wait; echo go""ne');
  await opened.shows(line('gone'));
  await opened.shows('Ctrl+] leaves');
});

test('an editor and a pager work, cursor keys in application mode too', async () => {
  const opened = await openShell();
  enter(opened, `vi ${run.folder}/note`);
  await opened.shows(/^│~/m);
  opened.type('ione\rtwo\u001B[A');
  opened.type(`x${keys.escape}`);
  enter(opened, ':wq');
  await expect.poll(() => run.has('note') && run.read('note')).toMatch(/^onex?\n?/);
  expect(run.read('note').split('\n').sort()).toEqual(['', 'onex', 'two']);
  await opened.shows(prompt);

  enter(opened, 'seq 500 | less');
  await opened.shows(line('1'));
  opened.type('\u001B[B\u001B[B');
  await opened.shows(/^╭─ ▸ Shell on router1 ─+╮\n│3 /m);
  opened.type('G');
  await opened.shows(line('500'));
  opened.type('q');
  await opened.shows(prompt);
});

test('a shell that is killed says so, and Enter opens it anew', async () => {
  const opened = await openShell();
  enter(opened, 'kill -9 $$');
  await opened.shows('Shell on router1: ended by signal 9. Enter opens it anew');
  opened.type(keys.enter);
  await opened.shows(/▸ Shell on router1 ─+╮\n│shell> /);
  enter(opened, 'exit 3');
  await opened.shows('ended with 3');
  opened.type('x');
  // Both at once: a frame may be seen before all of it has come.
  await opened.shows(/^(?![\s\S]*Shell on router1)[\s\S]*▸ Add the shards/);
});

test('a paste of 10 kB arrives whole, and runs nothing before Enter', async () => {
  const opened = await openShell();
  const text = Array.from({ length: 100 }, () => randomBytes(50).toString('hex')).join('\n');
  enter(opened, `echo be""gin; cat >${run.folder}/pasted; echo do""ne`);
  await opened.shows(line('begin'));
  opened.type(`\u001B[200~${text.replaceAll('\n', '\r')}\u001B[201~${keys.enter}\u0004`);
  await opened.shows(line('done'), 30_000);
  expect(run.read('pasted')).toBe(`${text}\n`);

  opened.type('\u001B[200~echo o""ne\recho t""wo\u001B[201~');
  const pasted = await opened.shows('echo t""wo');
  expect(pasted).not.toMatch(line('one'));
  opened.type(keys.enter);
  expect(await opened.shows(line('two'))).toMatch(line('one'));
});

test('a burst of 10,000 lines, and scrolling back through it', async () => {
  const opened = await openShell();
  enter(opened, 'seq 10000; echo o""ver');
  await opened.shows(line('over'), 30_000);
  opened.type(`${keys.prefix}b`);
  await opened.shows(/lines below/);
  opened.type('\u001B[H');
  const top = await opened.shows(/ [45]\d\d\d lines below/);
  expect(top).not.toMatch(line('over'));
  opened.type('q');
  await opened.shows(line('over'));
  enter(opened, 'echo li""ve');
  await opened.shows(line('live'));
});

test('a resize while output flows: the pane, its program and its border agree', async () => {
  const opened = await openShell();
  enter(opened, 'for i in $(seq 2000); do echo "line $i xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"; done; echo fi""n');
  for (let columns = 60; columns < 190; columns += 9) opened.resize(columns, 20 + (columns % 17));
  opened.resize(100, 30);
  await opened.shows(line('fin'), 30_000);
  enter(opened, 'stty size');
  const text = await opened.shows(line('8 98'));
  const rows = text.split('\n').slice(-12);
  for (const row of rows.filter((one) => one.startsWith('│'))) expect(stringWidth(row), row).toBe(100);
  expect(text).toMatch(/^╰─{98}╯\n Ctrl\+\]/m);
});

test('wide characters and emoji leave the border where it is', async () => {
  const opened = await openShell();
  enter(opened, "printf '漢%.0s' $(seq 58); echo; printf '🙂👍%.0s' $(seq 20); echo e''nd");
  const text = await opened.shows(line('(?:🙂👍){20}end'));
  const rows = text.split('\n').filter((row) => /^│[漢🙂]/u.test(row));
  expect(rows).toHaveLength(2);
  for (const row of rows) expect(stringWidth(row), row).toBe(120);
});

test('shells live on while their pane is closed and another lesson is open; each node has its own', async () => {
  const opened = await openShell();
  enter(opened, 'mine=se""cret');
  opened.type(`${keys.prefix}x`);
  await opened.shows('▸ Add the shards');
  opened.type('c');
  await opened.shows('▸ Lessons');
  opened.type(`k${keys.enter}`);
  await opened.shows('Add the shards (8 min)');
  opened.type('s');
  enter(opened, 'echo "<$mine>"');
  await opened.shows(line('<secret>'));
  opened.type(`${keys.prefix}!`);
  await opened.shows('System shell on router1 (2 of 2)');
  enter(opened, 'echo "<$mine>"');
  await opened.shows(line('<>'));
  opened.type(`${keys.prefix}w`);
  await opened.shows('▸ Shell on router1 (1 of 2)');
});

test('zoomed, the shell has the screen, and gives it back', async () => {
  const opened = await openShell();
  opened.type(`${keys.prefix}z`);
  await opened.shows(/^shell> /);
  enter(opened, 'stty size');
  await opened.shows(/^35 120 *$/m);
  opened.type(`${keys.prefix}z`);
  await opened.shows(/^╭─ ▸ Shell on router1 ─+╮$/m);
  enter(opened, 'stty size');
  await opened.shows(line('10 118'));
});

test.each([
  ['Ctrl-] and q', 0, (opened: Pty) => opened.type(`${keys.prefix}q`)],
  ['SIGTERM', 143, () => process.kill(run.pid(), 'SIGTERM')],
  ['SIGHUP', 129, () => process.kill(run.pid(), 'SIGHUP')],
] as const)(
  '%s while an editor is zoomed leaves the terminal as it was, and no shell',
  async (_, code, end) => {
    const opened = await openShell();
    const shell = await shellPid(opened);
    opened.type(`${keys.prefix}z`);
    await opened.shows(/^shell> /);
    enter(opened, 'vi');
    await opened.shows(/^~/m);
    end(opened);
    await run.expectRestored(opened, code);
    await expectGone(shell);
  },
);

test('a program that ignores being hung up on does not outlive the workbench', async () => {
  const opened = await openShell();
  const shell = await shellPid(opened);
  enter(opened, "trap '' HUP; echo tr''apped; while :; do read -t 5; done");
  await opened.shows(line('trapped'));
  opened.type(`${keys.prefix}q`);
  await run.expectRestored(opened, 0);
  await expectGone(shell);
});

test('a lesson’s code block is put at the prompt and runs at Enter, statement by statement', async () => {
  const opened = await openShell();
  opened.type(`${keys.prefix}t`);
  const first = await opened.shows(line('shell> sh.addShard\\("shard1/127.0.0.1:27111"\\)'));
  expect(first).not.toContain('syntax error');
  opened.type(keys.enter);
  await opened.shows('syntax error');
  await opened.shows(line('shell> sh.addShard\\("shard2/127.0.0.1:27121"\\)'));
});

test('from the checks pane it is the line that shows what the check sees', async () => {
  writeFileSync(join(run.folder, 'unused'), '');
  const opened = await openShell({ session: { doneFile: join(run.folder, 'done') } });
  opened.type(`${keys.prefix}2`);
  await opened.shows('look with');
  opened.type('t');
  await opened.shows(line('shell> db.adminCommand\\(\\{ listShards: 1 \\}\\)'));
});

test('at 80x24 the shell is a tab', async () => {
  const opened = await openShell({ columns: 80, rows: 24 });
  await opened.shows('[4 Shell]');
  enter(opened, 'stty size');
  await opened.shows(line('19 78'));
  opened.type(`${keys.prefix}2`);
  await opened.shows('[2 Checks');
  opened.type('4');
  await opened.shows(line('19 78'));
});
