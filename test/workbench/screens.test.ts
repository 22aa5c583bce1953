import stringWidth from 'string-width';
import { afterEach, expect, test, vi } from 'vitest';
import { addShards, passedVerdicts, pendingVerdicts, wrongVerdicts } from './support/fake-session.mjs';
import { type Mounted, mountFake } from './support/mounted.js';

// The terminal in memory works at the pace of a busy machine.
vi.setConfig({ testTimeout: 30_000 });

// Chalk decides while it is loaded; styles must not cost cells.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '1';
});

let mounted: Mounted | undefined;
afterEach(async () => {
  await mounted?.close();
  mounted = undefined;
});

async function open(columns: number, rows: number): Promise<Mounted> {
  mounted = await mountFake(columns, rows);
  return mounted;
}

/** Opens the lesson under the cursor; its first look finds nothing done. */
async function openLesson({ press, shows, session }: Mounted): Promise<void> {
  press('\r');
  await shows('Add the shards (8 min)');
  session.say({
    kind: 'verdicts',
    lesson: addShards.id,
    passed: false,
    checks: pendingVerdicts,
    measured: [],
  });
}

const sizes = [
  [80, 24],
  [120, 36],
  [200, 50],
] as const;

test.each(sizes)('the course list at %ix%i', async (columns, rows) => {
  const { shows } = await open(columns, rows);
  // The list's bullet tells that the markdown renderer is there.
  expect(await shows('  * router1')).toMatchSnapshot();
});

test.each(sizes)('a lesson with a recognised mistake at %ix%i', async (columns, rows) => {
  const lesson = await open(columns, rows);
  const { press, shows, session } = lesson;
  await openLesson(lesson);
  session.say({ kind: 'verdicts', lesson: addShards.id, passed: false, checks: wrongVerdicts, measured: [] });
  if (columns < 100) {
    expect(await shows('2 Checks 1/2')).toMatchSnapshot();
    press('2');
  }
  expect(await shows('That was a shard.')).toMatchSnapshot();
});

test.each(sizes)('how a lesson with a recognised mistake is coloured at %ix%i', async (columns, rows) => {
  const lesson = await open(columns, rows);
  const { press, shows, session, terminal } = lesson;
  await openLesson(lesson);
  session.say({ kind: 'verdicts', lesson: addShards.id, passed: false, checks: wrongVerdicts, measured: [] });
  if (columns < 100) {
    await shows('2 Checks 1/2');
    press('2');
    // The list's bullet tells that the markdown renderer is there.
  } else await shows('  * every shard');
  await shows('That was a shard.');
  expect(await terminal.styles()).toMatchSnapshot();
});

test('the lab pane at 80x24', async () => {
  const { press, shows } = await open(80, 24);
  press('\r');
  await shows('Add the shards (8 min)');
  press('3');
  expect(await shows('[3 Lab 5]')).toMatchSnapshot();
});

test('a stage that is brought up at 80x24', async () => {
  mounted = await mountFake(80, 24, { hang: true });
  const { press, shows, session } = mounted;
  session.say({ kind: 'lab', lab: { stage: undefined, runtime: 'local' } });
  await shows('not up');
  press('u');
  expect(await shows('Bring up sharding')).toMatchSnapshot();
});

test.each([
  [60, 18],
  [61, 19],
  [79, 24],
  [100, 20],
  [137, 43],
] as const)('at %ix%i every line is as wide as it may be and borders meet', async (columns, rows) => {
  const { press, shows } = await open(columns, rows);
  press('\r');
  const text = await shows('Add the shards (8 min)');
  for (const line of text.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
  const framedRows = text.split('\n').filter((line) => /^[╭│╰]/.test(line));
  for (const line of framedRows) {
    expect(stringWidth(line), line).toBe(columns);
    expect(line).toMatch(/[╮│╯]$/);
  }
});

test('a terminal that is too small says what it needs, and recovers', async () => {
  const { terminal, shows } = await open(80, 24);
  terminal.resize(50, 10);
  await shows('60x18');
  terminal.resize(80, 24);
  await shows('Lessons');
});

test('a resize storm ends on the last size', async () => {
  const { terminal, press, shows } = await open(120, 36);
  press('\r');
  await shows('Add the shards (8 min)');
  for (let columns = 60; columns <= 200; columns += 7) terminal.resize(columns, 20 + (columns % 30));
  terminal.resize(100, 30);
  const text = await shows(/^╰.*╯╰.*╯$/m);
  expect(text.split('\n')).toHaveLength(30);
  expect(stringWidth(text.split('\n')[1] ?? '')).toBe(100);
});

test('passing changes the checks and adds the debrief, and nothing else moves', async () => {
  const lesson = await open(120, 60);
  const { shows, session } = lesson;
  await openLesson(lesson);
  await shows('not yet');
  session.say({ kind: 'verdicts', lesson: addShards.id, passed: true, checks: passedVerdicts, measured: [] });
  const text = await shows('Checks: 2 of 2 passed');
  expect(text).toContain('Passed: what happened');
  expect(text).toContain('Add the shards (8 min)');
});

test('before the first look the checks are only named', async () => {
  const { press, shows } = await open(120, 36);
  press('\r');
  await shows('Add the shards (8 min)');
  const text = await shows('│ · shard1 is a shard of the cluster                ');
  expect(text).not.toContain('…');
});

test('a check that is lost says so', async () => {
  const lesson = await open(120, 36);
  const { shows, session } = lesson;
  await openLesson(lesson);
  await shows('not yet');
  session.say({ kind: 'verdicts', lesson: addShards.id, passed: true, checks: passedVerdicts, measured: [] });
  await shows('2 of 2 passed');
  session.say({ kind: 'verdicts', lesson: addShards.id, passed: false, checks: wrongVerdicts, measured: [] });
  await shows('wrong; was passed, is not any more');
});

test('nothing is written to the terminal while nothing changes', async () => {
  const lesson = await open(120, 36);
  const { terminal, press, shows, session } = lesson;
  await openLesson(lesson);
  await shows('not yet');
  terminal.takeWritten();
  session.say({ kind: 'lab', lab: { stage: 'sharding', runtime: 'local' } });
  await new Promise((resolve) => setImmediate(resolve));
  press('?');
  await shows('▸ Keys');
  expect(terminal.takeWritten().split('\u001B[?2026h')).toHaveLength(2);
});
