import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import stringWidth from 'string-width';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPty, type Pty } from '../workbench/support/pty.js';
import { createFakeRun, expectGone, type FakeRun, fakeWorkbench } from './support/fake-run.js';

// The built workbench in a real pseudo-terminal, on a made-up lab: what it does to the terminal.
const keys = { enter: '\r', ctrlC: '\u0003', ctrlD: '\u0004' };
let run: FakeRun;
/** A terminal without a workbench of `run`. */
let pty: Pty | undefined;
beforeEach(() => {
  run = createFakeRun();
});
afterEach(() => {
  pty?.close();
  pty = undefined;
  run.close();
});

test('q leaves the terminal as it was, and says that the lab goes on', async () => {
  const opened = await run.open();
  opened.type('q');
  await run.expectRestored(opened, 0);
  expect(await opened.text()).toContain(
    'The lab goes on running (sharding). mongo-scale-course down stops it.',
  );
});

test('Ctrl-C quits as q does, from any screen', async () => {
  const opened = await run.open();
  opened.type(keys.enter);
  await opened.shows('Add the shards (8 min)');
  opened.type('?');
  await opened.shows('▸ Keys');
  opened.type(keys.ctrlC);
  await run.expectRestored(opened, 0);
});

test('m shows the mistakes, v the glossary that is filtered as one types, o the outcome', async () => {
  const opened = await run.open();
  opened.type('m');
  await opened.shows('✗ It listens elsewhere');
  opened.type('q');
  await opened.shows('▸ Lessons');
  opened.type('v');
  await opened.shows('A sorted list of values');
  opened.type('router');
  await opened.shows(/› router(.|\n)*explained in Add the shards/);
  opened.type(keys.enter);
  await opened.shows('▸ Lessons');
  opened.type('o');
  await opened.shows('you predicted 30 s, measured 4.2 s');
  opened.type(keys.ctrlC);
  await run.expectRestored(opened, 0);
});

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
] as const)('%s leaves the terminal as it was', async (signal, code) => {
  const opened = await run.open();
  process.kill(run.pid(), signal);
  await run.expectRestored(opened, code);
});

test('a fault of the course leaves the terminal as it was, and is told', async () => {
  const opened = await run.open({ session: { crash: true } });
  opened.type(keys.enter);
  await opened.shows('Add the shards (8 min)');
  opened.type('a');
  await opened.shows('▸ Question');
  opened.type(`1${keys.enter}`);
  await run.expectRestored(opened, 1);
  expect(await opened.text()).toContain('a fault of the course');
});

test('a terminal that is closed leaves no process behind', async () => {
  const opened = await run.open();
  const pid = run.pid();
  opened.close();
  await expectGone(pid);
});

test('a terminal that is closed while a shell has it leaves neither behind', async () => {
  const opened = await run.open({ session: { pty: false } });
  opened.type(keys.enter);
  await opened.shows('Add the shards (8 min)');
  opened.type('s');
  await opened.shows('shell> ');
  opened.type(`echo $$ >${run.folder}/shell; echo written${keys.enter}`);
  await opened.shows(/^written/m);
  const pids = [run.pid(), Number(run.read('shell'))];
  opened.close();
  for (const pid of pids) await expectGone(pid);
});

test('SIGTERM while a shell has the terminal ends both and leaves the terminal as it was', async () => {
  const opened = await run.open({ session: { pty: false } });
  opened.type(keys.enter);
  await opened.shows('Add the shards (8 min)');
  opened.type('s');
  await opened.shows('shell> ');
  opened.type(`echo $$ >${run.folder}/shell; echo written${keys.enter}`);
  await opened.shows(/^written/m);
  const shell = Number(run.read('shell'));
  // Readline, where the shell has it, marks pastes itself; a program that is killed does not take it back.
  opened.type(`printf '\\033[?2004h\\033[?1h'; sleep 60${keys.enter}`);
  await expect.poll(() => opened.output(), { timeout: 10_000 }).toContain('\u001B[?1h');
  process.kill(run.pid(), 'SIGTERM');
  await opened.shows('ended with 143');
  expect(await opened.state()).toEqual({ screen: 'normal', cursor: true });
  expect(await opened.marksPastes()).toBe(false);
  // What the learner did in the shell stays to be read, and what comes now is written below it.
  expect(await opened.text()).toMatch(/shell> [\s\S]*ended with 143/);
  await expectGone(shell);
});

test('a shell has the terminal for itself, solves the lesson, and the workbench is back as it was', async () => {
  const doneFile = join(run.folder, 'done');
  const opened = await run.open({ session: { doneFile, pty: false } });
  opened.type(keys.enter);
  await opened.shows('Checks: 0 of 2 passed');
  for (const round of [1, 2, 3]) {
    opened.type('s');
    // The rounds before are still on the normal screen, as they should be.
    await opened.shows(new RegExp(`(?:Type exit[^]*?shell> [^]*?){${round}}`));
    expect(await opened.state()).toEqual({ screen: 'normal', cursor: true });
    // Not one line is lost to the workbench, and Ctrl-C ends the program in the shell, nothing else.
    opened.type(`echo begin ${round}; cat${keys.enter}`);
    await opened.shows(new RegExp(`^begin ${round}`, 'm'));
    opened.type(`line ${round}${keys.enter}`);
    await opened.shows(new RegExp(`line ${round}\\nline ${round}`));
    opened.type(keys.ctrlC);
    await opened.shows(new RegExp(`^begin ${round}[^]*\\^C\\n+shell> $`, 'm'));
    if (round === 3) {
      opened.type(`touch ${doneFile}${keys.enter}`);
      await expect.poll(() => existsSync(doneFile)).toBe(true);
    }
    opened.type(keys.ctrlD);
    await opened.shows('Add the shards (8 min)');
    expect(await opened.state()).toEqual({ screen: 'alternate', cursor: false });
  }
  await opened.shows('Checks: 2 of 2 passed');
  opened.type('q');
  await run.expectRestored(opened, 0);
});

test('a program that leaves the terminal in disorder does not disturb the workbench', async () => {
  const mess = `stty sane; stty -echo; printf '\\033[?1h\\033[?7l\\033[?1000h\\033[31m\\033[3;5r'; exit 7`;
  const opened = await run.open({
    session: { pty: false, shell: { file: 'bash', args: ['-c', mess] } },
  });
  opened.type(keys.enter);
  await opened.shows('Add the shards (8 min)');
  opened.type('s');
  await expect.poll(() => opened.output(), { timeout: 10_000 }).toContain('\u001B[3;5r');
  await opened.shows(/mongo-scale-course {2}Sharding.*running$/m);
  opened.type('2');
  const text = await opened.shows('▸ Checks');
  expect(text.split('\n').at(-1)).toContain('course');
  opened.type('q');
  await run.expectRestored(opened, 0);
});

test('a shell that is not open yet does not open any more after q', async () => {
  const opened = await run.open({ session: { pty: false } });
  opened.type(keys.enter);
  await opened.shows('Add the shards (8 min)');
  opened.type('sq');
  await run.expectRestored(opened, 0);
  expect(opened.output()).not.toContain('shell>');
});

test('quitting while something is under way breaks it off and ends', async () => {
  const opened = await run.open({ session: { hang: true } });
  opened.type('g');
  await opened.shows('Start sharding/add-shards anew?');
  opened.type('\u001B');
  await opened.shows('▸ Lessons');
  opened.type('\u001B[A\u001B[A\u001B[A');
  await opened.shows(/› ✓ Start the first mongod/);
  opened.type('u');
  await opened.shows('Under way');
  opened.type(keys.ctrlC);
  await opened.shows('Quit?');
  opened.type('y');
  await run.expectRestored(opened, 0);
});

test('a shell that cannot be started is a problem with a remedy, not an end', async () => {
  const opened = await run.open({
    session: { pty: false, shell: { file: 'no-such-program', args: [] } },
  });
  opened.type(keys.enter);
  await opened.shows('Add the shards (8 min)');
  opened.type('s');
  await opened.shows('no-such-program could not be started: ENOENT');
  opened.type('q');
  await opened.shows('Add the shards (8 min)');
  opened.type('q');
  await run.expectRestored(opened, 0);
});

test('the screen follows the window, down to too small and back', async () => {
  const opened = await run.open({ columns: 120, rows: 36 });
  opened.resize(80, 24);
  await opened.shows(/^╭─ ▸ Lessons ─{66}╮$/m);
  opened.resize(50, 12);
  await opened.shows('60x18');
  for (let columns = 60; columns < 200; columns += 9) opened.resize(columns, 20 + (columns % 11));
  opened.resize(100, 30);
  await opened.shows(/^╰.{98}╯\n Enter open.*$/m);
  // The last line may be there before all above it.
  const widths = async () =>
    new Set(
      (await opened.text())
        .split('\n')
        .slice(1, 29)
        .map((line) => stringWidth(line)),
    );
  await expect.poll(widths).toEqual(new Set([100]));
  opened.type('q');
  await run.expectRestored(opened, 0);
});

// Any SGR sequence but the reset.
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const style = /\u001B\[(?!0?m)[0-9;]+m/;

test('with NO_COLOR=1 nothing is coloured, and states are still told', async () => {
  const opened = await run.open({ env: { NO_COLOR: '1' }, session: { pty: false } });
  opened.type(keys.enter);
  await opened.shows('Add the shards (8 min)');
  expect(opened.output()).not.toMatch(style);
  // The shell gets the environment as it was.
  opened.type('s');
  await opened.shows('shell> ');
  opened.type(`echo "<$FORCE_COLOR$NODE_ENV>"${keys.enter}`);
  await opened.shows(/^<>$/m);
  opened.type(keys.ctrlD);
  await opened.shows('Add the shards (8 min)');
  opened.type('q');
  await run.expectRestored(opened, 0);
});

test('with colours there are some', async () => {
  const opened = await run.open();
  expect(opened.output()).toMatch(style);
});

test('the mouse is the terminal’s own unless it is asked for, and again after it', async () => {
  const [on, off] = ['\u001B[?1000h\u001B[?1006h', '\u001B[?1000l'];
  const without = await run.open();
  without.type('q');
  await run.expectRestored(without, 0);
  expect(without.output()).not.toContain(on);

  const opened = await run.open({ session: { mouse: true, pty: false } });
  opened.type(keys.enter);
  await opened.shows('Add the shards (8 min)');
  expect(opened.output().lastIndexOf(on)).toBeGreaterThan(opened.output().lastIndexOf(off));
  opened.type('s');
  await opened.shows('shell> ');
  expect(opened.output().lastIndexOf(off)).toBeGreaterThan(opened.output().lastIndexOf(on));
  opened.type(keys.ctrlD);
  await opened.shows('Add the shards (8 min)');
  process.kill(run.pid(), 'SIGTERM');
  await run.expectRestored(opened, 143);
  expect(opened.output().lastIndexOf(off)).toBeGreaterThan(opened.output().lastIndexOf(on));
});

test('stray output goes to the log, not across the panes', async () => {
  const opened = await run.open();
  opened.type(keys.enter);
  await opened.shows('Add the shards (8 min)');
  await expect.poll(() => run.has('course.log') && run.read('course.log')).toContain('stray warning');
  expect(run.read('course.log')).toContain('stray output');
  expect(opened.output()).not.toContain('stray');
});

test.each(['stdin', 'stdout'] as const)(
  'without a terminal on %s it refuses, and names what works',
  async (end) => {
    const script = end === 'stdin' ? '"$0" "$1" </dev/null' : '"$0" "$1" | cat; exit $PIPESTATUS';
    const opened = openPty('bash', ['-c', script, process.execPath, fakeWorkbench]);
    pty = opened;
    expect(await opened.ended).toBe(2);
    const text = await opened.text();
    expect(text).toContain('no-terminal: The workbench needs a terminal');
    expect(text).toContain('mongo-scale-course --plain');
    expect(opened.output()).not.toContain('\u001B[?1049h');
  },
);

test('with no terminal at all it refuses', async () => {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [fakeWorkbench], {
    stdin: 'ignore',
    reject: false,
  });
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain('no-terminal');
});
