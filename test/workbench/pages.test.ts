import { afterEach, expect, test, vi } from 'vitest';
import { reduce } from '../../src/workbench/state/reducer.js';
import { unavailableReason } from '../../src/workbench/state/selectors.js';
import { initialState } from '../../src/workbench/state/state.js';
import { addShards, mistakes, snapshot, stages } from './support/fake-session.mjs';
import { type Mounted, mountFake } from './support/mounted.js';

// The terminal in memory works at the pace of a busy machine.
vi.setConfig({ testTimeout: 30_000 });

// Chalk decides while it is loaded; styles must not cost cells.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '1';
});

const keys = { escape: '\u001B', backspace: '\u007F', pageDown: '\u001B[6~', home: '\u001B[H' };

let mounted: Mounted | undefined;
afterEach(async () => {
  await mounted?.close();
  mounted = undefined;
});

async function open(columns: number, rows: number, options: Parameters<typeof mountFake>[2] = {}) {
  mounted = await mountFake(columns, rows, options);
  // The list's bullet tells that the markdown renderer is there.
  await mounted.shows('  * router1');
  return mounted;
}

const sizes = [
  [80, 24],
  [120, 36],
  [200, 50],
] as const;

test.each(sizes)('the mistakes at %ix%i', async (columns, rows) => {
  const { press, shows } = await open(columns, rows);
  press('m');
  expect(await shows('▸ Mistakes')).toMatchSnapshot();
});

test.each(sizes)('the glossary at %ix%i', async (columns, rows) => {
  const { press, shows } = await open(columns, rows);
  press('v');
  expect(await shows('▸ Glossary')).toMatchSnapshot();
});

test.each(sizes)("a stage's outcome at %ix%i", async (columns, rows) => {
  const { press, shows } = await open(columns, rows);
  press('o');
  expect(await shows('▸ Outcome')).toMatchSnapshot();
});

test('mistakes that were not met are not given away', async () => {
  const { press, shows } = await open(120, 60);
  press('m');
  const text = await shows('▸ Mistakes');
  expect(text).toContain('The course recognises 8 mistakes. You have met 1');
  expect(text).toContain('✗ It listens elsewhere');
  expect(text).toContain('db.adminCommand({ shutdown: 1 })');
  expect(text).toContain('· It has no folder for its data');
  expect(text).toContain('· 2 to be met');
});

test('a page is scrolled to its end, over a lesson and over the list, and Esc leaves it', async () => {
  const many = Array.from({ length: 12 }, () => mistakes).flat();
  const { press, shows } = await open(80, 24, { mistakes: many });
  const readToTheEnd = async () => {
    press('m');
    await shows('▸ Mistakes');
    press('G');
    await shows(/(\d+) of \1 /);
    press(keys.home);
    await shows('The course recognises 96');
    press(keys.escape);
  };
  await readToTheEnd();
  await shows('▸ Lessons');
  press('\r');
  await shows('Add the shards (8 min)');
  await readToTheEnd();
  await shows('Add the shards (8 min)');
});

test('the glossary is filtered while it is typed; letters are letters there', async () => {
  const { press, shows, quit } = await open(80, 24);
  press('v');
  await shows('▸ Glossary');
  press('zq');
  await shows('The glossary has no such word.');
  press(`${keys.backspace}${keys.backspace}ROU`);
  const text = await shows('› ROU');
  expect(text).toContain('explained in Add the shards');
  expect(text).not.toContain('sorted list');
  press(keys.escape);
  await shows('▸ Lessons');
  expect(quit).not.toHaveBeenCalled();
});

test('the outcome is that of the stage in sight', async () => {
  const { press, shows, session } = await open(120, 36);
  press('o');
  await shows('▸ Outcome');
  expect(session.calls).toEqual(['summary sharding']);
});

test('the last lesson of a stage says that its outcome can be seen', async () => {
  const { press, shows, session } = await open(120, 60);
  press('\r');
  await shows('Add the shards (8 min)');
  session.say({
    kind: 'course',
    current: addShards.id,
    stages: stages.map((stage) => ({
      ...stage,
      lessons: stage.lessons.map((lesson) => ({ ...lesson, state: 'passed' as const })),
    })),
  });
  session.say({ kind: 'verdicts', lesson: addShards.id, passed: true, checks: [], measured: [] });
  await shows('This stage is done: o shows its outcome.');
});

const atList = reduce(initialState({ columns: 80, rows: 24 }), {
  type: 'session-event',
  event: { kind: 'course', stages, current: addShards.id },
});
const up = reduce(atList, {
  type: 'session-event',
  event: { kind: 'lab', lab: { stage: 'sharding', runtime: 'local' } },
});
const seen = reduce(up, { type: 'session-event', event: { kind: 'snapshot', snapshot } });

test('u says why it does nothing: nobody has looked yet, or all runs already', () => {
  expect(unavailableReason('bring-up', atList)).toBeUndefined();
  expect(unavailableReason('bring-up', up)).toContain('first look');
  expect(unavailableReason('bring-up', seen)).toBeUndefined();
  const whole = { ...snapshot, nodes: snapshot.nodes.filter(({ status }) => status.state === 'running') };
  const all = reduce(up, { type: 'session-event', event: { kind: 'snapshot', snapshot: whole } });
  expect(unavailableReason('bring-up', all)).toBe('All servers of sharding run already.');
});

test('u where all runs already is told so', async () => {
  const { press, shows, session } = await open(80, 24);
  const nodes = snapshot.nodes.filter(({ status }) => status.state === 'running');
  session.say({ kind: 'snapshot', snapshot: { ...snapshot, nodes } });
  await shows('● up');
  press('u');
  await shows('All servers of sharding run already.');
  press('\r');
  await shows('▸ Lessons');
  expect(session.calls).toEqual([]);
});

test('a bring-up with more lines than the screen can be scrolled, and follows its end again', async () => {
  const { press, shows, session } = await open(80, 24, { hang: true });
  const bringUp: typeof session.bringUp = async (_, onEvent, signal) => {
    for (let at = 1; at <= 30; at += 1) onEvent({ kind: 'service', service: `node${at}`, phase: 'ready' });
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  Object.assign(session, { bringUp });
  press('u');
  expect(await shows('Under way')).toContain('node30');
  press(keys.home);
  expect(await shows('node1 ')).not.toContain('Under way');
  press(keys.pageDown);
  await shows('node20');
  press('G');
  await shows('Under way');
  press(keys.escape);
  await shows('Cancelled');
});
