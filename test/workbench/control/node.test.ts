import { afterEach, expect, test, vi } from 'vitest';
import { Problem } from '../../../src/problem.js';
import { snapshot } from '../support/fake-session.mjs';
import { type Mounted, mountFake } from '../support/mounted.js';

// Times in a log are shown in the learner's own zone.
vi.hoisted(() => {
  process.env.TZ = 'UTC';
});

// The terminal in memory works at the pace of a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const keys = { enter: '\r', escape: '\u001B', down: '\u001B[B', up: '\u001B[A', tab: '\t' };

let mounted: Mounted;
afterEach(() => mounted.close());

/** The lesson, with the keys on the lab pane; the cursor is on config1. */
async function openLabPane(columns = 120, rows = 36): Promise<Mounted> {
  mounted = await mountFake(columns, rows);
  mounted.press(keys.enter);
  await mounted.shows('Add the shards (8 min)');
  mounted.press('3');
  await mounted.shows('Enter details');
  return mounted;
}

test.each([
  [80, 24],
  [120, 36],
  [200, 50],
] as const)('the details of a node at %ix%i', async (columns, rows) => {
  const { press, shows } = await openLabPane(columns, rows);
  press(`${keys.down}${keys.down}${keys.enter}`);
  await shows('▸ shard1a');
  expect(await shows('Waiting for connections')).toMatchSnapshot();
});

test('details follow the cursor, and their log with them; Esc closes both', async () => {
  const { press, shows, session } = await openLabPane();
  press('i');
  await shows('config1 was started');
  press(keys.down);
  expect(await shows('router1 was started')).not.toContain('config1 was started');
  expect(session.calls.slice(-3)).toEqual(['logs config1', 'logs router1', 'end of logs config1']);
  press(keys.escape);
  await shows('Add the shards (8 min)');
  await expect.poll(() => session.calls.at(-1)).toBe('end of logs router1');
});

test('a node is killed from the map once that is confirmed, and not before', async () => {
  const { press, shows, session } = await openLabPane();
  press(`${keys.down}${keys.down}${keys.down}K`);
  expect(await shows('Kill shard2a?')).toContain('SIGKILL');
  press(keys.escape);
  await shows('Add the shards (8 min)');
  press('K');
  await shows('Kill shard2a?');
  expect(session.calls.join()).not.toContain('fault');
  press('y');
  await expect.poll(() => session.calls.at(-1)).toBe('fault kill shard2a');
  await shows('Add the shards (8 min)');
});

test('from the details too, which are there again afterwards', async () => {
  const { press, shows, session } = await openLabPane();
  press(`${keys.enter}P`);
  await shows('Pause config1?');
  press('y');
  await shows('▸ config1');
  expect(session.calls).toContain('fault pause config1');
});

test('only what would do something is offered', async () => {
  const { press, shows, session } = await openLabPane(160, 36);
  const running = await shows('S stop');
  expect(running).toMatch(/K kill.*P pause/);
  expect(running).not.toMatch(/R resume|U start/);
  press('RU');
  press(keys.down.repeat(4));
  const dead = await shows('U start');
  expect(dead).not.toMatch(/S stop|K kill|P pause|R resume/);
  press('S');
  await shows('U start');
  expect(session.calls.join()).not.toContain('fault');
  const nodes = snapshot.nodes.map((node) => ({
    ...node,
    status: { ...node.status, state: 'paused' as const },
  }));
  session.say({ kind: 'snapshot', snapshot: { ...snapshot, nodes } });
  await shows('R resume');
});

test('a fault that cannot be done is a problem with its remedy', async () => {
  const { press, shows, session } = await openLabPane();
  Object.assign(session, {
    fault: async () => {
      throw new Problem('lab-busy', 'Another command is at work.', { remedy: 'Wait until it is done.' });
    },
  });
  press('Ky');
  expect(await shows('Another command is at work.')).toContain('Wait until it is done.');
});

test('the shell of the node whose details are open', async () => {
  const { press, session } = await openLabPane();
  press(`${keys.enter}s`);
  await expect.poll(() => session.calls.some((call) => call.startsWith('shell config1'))).toBe(true);
});

test('the details of a lab that went away are closed', async () => {
  const { press, shows, session } = await openLabPane();
  press(keys.enter);
  await shows('▸ config1');
  session.say({ kind: 'lab', lab: { stage: undefined, runtime: 'local' } });
  await shows('Nothing runs yet');
  await expect.poll(() => session.calls.at(-1)).toBe('end of logs config1');
});

test('a log that cannot be read says so in its place', async () => {
  const { press, shows, session } = await openLabPane();
  Object.assign(session, {
    // biome-ignore lint/correctness/useYield: it fails before its first line
    async *logs() {
      throw new Error('no such file');
    },
  });
  press(keys.enter);
  await shows('The log cannot be read: no such file');
});
