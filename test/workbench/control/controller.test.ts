import { afterEach, expect, test, vi } from 'vitest';
import { Problem } from '../../../src/problem.js';
import { addShards, passedVerdicts, wrongVerdicts } from '../support/fake-session.mjs';
import { type Mounted, mountFake } from '../support/mounted.js';

// The terminal in memory works at the pace of a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const keys = {
  enter: '\r',
  escape: '\u001B',
  down: '\u001B[B',
  up: '\u001B[A',
  ctrlC: '\u0003',
  tab: '\t',
};

let mounted: Mounted;
afterEach(() => mounted.close());

async function openLesson(options = {}): Promise<Mounted> {
  mounted = await mountFake(120, 36, options);
  mounted.press(keys.enter);
  await mounted.shows('Add the shards (8 min)');
  return mounted;
}

test('the list opens the lesson under the cursor', async () => {
  mounted = await mountFake(120, 36);
  mounted.press(`${keys.up}${keys.enter}`);
  await mounted.shows('Sharding › Add the shards');
  expect(mounted.session.calls).toEqual(['openLesson sharding/config-server']);
});

test('n and p go through all lessons in their order, and past the last to the list', async () => {
  const { press, session, shows } = await openLesson();
  press('p');
  await expect.poll(() => session.calls.at(-1)).toBe('openLesson sharding/config-server');
  press('p');
  await expect.poll(() => session.calls.at(-1)).toBe('openLesson single-node/load-the-shop');
  press('n');
  await expect.poll(() => session.calls.at(-1)).toBe('openLesson sharding/config-server');
  press('n');
  await expect.poll(() => session.calls.at(-1)).toBe('openLesson sharding/add-shards');
  press('n');
  await shows('▸ Lessons');
});

test('hints unfold one at a time, into sight', async () => {
  const { press, shows } = await openLesson();
  press('h');
  expect(await shows('Hint 1 of 3')).not.toContain('Hint 2 of 3');
  press('h');
  await shows('Hint 2 of 3');
});

test('the shell opens on the node that the first open check is about', async () => {
  const { press, session, runInForeground } = await openLesson();
  const [first, second] = wrongVerdicts;
  if (!first || !second) throw new Error('two verdicts are expected');
  const checks = [first, { ...second, at: 'shard2a' }];
  session.say({ kind: 'verdicts', lesson: addShards.id, passed: false, checks, measured: [] });
  press('s');
  await expect.poll(() => runInForeground.mock.calls.length).toBe(1);
  expect(session.calls.at(-1)).toBe('shell shard2a');
});

test("a check's line is typed where it belongs, which need not be what the check is about", async () => {
  const { press, session, runInForeground } = await openLesson();
  const [first, second] = wrongVerdicts;
  if (!first || !second) throw new Error('two verdicts are expected');
  const checks = [first, { ...second, reproduceAt: { service: 'shard2a', shell: 'own' as const } }];
  session.say({ kind: 'verdicts', lesson: addShards.id, passed: false, checks, measured: [] });
  press('2t');
  await expect.poll(() => runInForeground.mock.calls.length).toBe(1);
  expect(session.calls.at(-1)).toBe('shell shard2a');
});

test('with every check passed the shell opens where the lesson says', async () => {
  const { press, session, runInForeground } = await openLesson();
  session.say({ kind: 'verdicts', lesson: addShards.id, passed: true, checks: passedVerdicts, measured: [] });
  press('s');
  await expect.poll(() => runInForeground.mock.calls.length).toBe(1);
  expect(session.calls.at(-1)).toBe('shell router1');
});

test('in the checks pane the arrows choose which check is told in full', async () => {
  const { press, session, shows } = await openLesson();
  session.say({ kind: 'verdicts', lesson: addShards.id, passed: false, checks: wrongVerdicts, measured: [] });
  press('2');
  expect(await shows('no such command on shard2a')).not.toContain('observed  shard1/');
  press(keys.up);
  expect(await shows('observed  shard1/')).not.toContain('expected  shard2');
  press(keys.down);
  await shows('expected  shard2');
});

test('in the lab pane the shell opens on the chosen node', async () => {
  const { press, session, runInForeground } = await openLesson();
  press(`3${keys.down}${keys.down}${keys.down}s`);
  await expect.poll(() => runInForeground.mock.calls.length).toBe(1);
  expect(session.calls.at(-1)).toBe('shell shard2a');
});

test('a key pressed twice opens one shell', async () => {
  const { press, runInForeground, session } = await openLesson();
  press('ss');
  await expect.poll(() => runInForeground.mock.calls.length).toBe(1);
  expect(session.calls.filter((call) => call.startsWith('shell'))).toHaveLength(1);
});

test('no shell is offered while another stage is up', async () => {
  const { press, session, shows } = await openLesson();
  session.say({ kind: 'lab', lab: { stage: 'single-node', runtime: 'local' } });
  const text = await shows('The lab is at single-node');
  expect(text.split('\n').at(-1)).not.toContain('shell');
  press('s');
  expect(session.calls.filter((call) => call.startsWith('shell'))).toEqual([]);
});

test('a problem is shown with its remedy, and the lesson is there again after it', async () => {
  const { press, session, shows } = await openLesson();
  Object.assign(session, {
    shell: async () => {
      throw new Problem('program-missing', 'There is no mongosh.', { remedy: 'npm install -g mongosh' });
    },
  });
  press('s');
  const text = await shows('There is no mongosh.');
  expect(text).toContain('npm install -g mongosh');
  press('q');
  await shows('Add the shards (8 min)');
  expect(mounted.quit).not.toHaveBeenCalled();
});

test('a number is typed, corrected, refused where it is none, and given', async () => {
  const { press, session, shows } = await openLesson();
  press('a');
  await shows('Question');
  press('5x');
  press(keys.enter);
  await shows('A number is asked for');
  press('\u007F0');
  await shows('50');
  press(keys.enter);
  await expect.poll(() => session.calls.at(-1)).toBe('answer share 50');
  await shows('Add the shards (8 min)');
});

test('of a choice the option under the cursor is given; answered questions come last', async () => {
  const { press, session, shows } = await openLesson();
  press('a');
  press('1');
  press(keys.enter);
  await expect.poll(() => session.calls.at(-1)).toBe('answer share 1');
  await shows('Add the shards (8 min)');
  press('a');
  await shows('› Yes');
  press(keys.down);
  await shows('› No');
  press(keys.enter);
  await expect.poll(() => session.calls.at(-1)).toBe('answer moves No');
});

test('a stage is brought up, shown, and the lesson opened anew', async () => {
  const { press, session, shows } = await openLesson();
  session.say({ kind: 'lab', lab: { stage: undefined, runtime: 'local' } });
  await shows('Nothing runs yet');
  press('u');
  await shows('sharding is up. ');
  press(keys.enter);
  await shows('Add the shards (8 min)');
  expect(session.calls).toEqual([
    'openLesson sharding/add-shards',
    'bringUp sharding',
    'openLesson sharding/add-shards',
  ]);
});

test('work without news shows each second that it goes on', async () => {
  const { press, session, shows } = await openLesson({ hang: true });
  session.say({ kind: 'lab', lab: { stage: undefined, runtime: 'local' } });
  press('u');
  await shows('Under way for 1 s');
  await shows('Under way for 2 s');
  press(keys.escape);
  await shows('Cancelled');
});

test('Esc cancels what is under way, r tries again', async () => {
  const { press, session, shows } = await openLesson({ hang: true });
  session.say({ kind: 'lab', lab: { stage: undefined, runtime: 'local' } });
  press('u');
  await shows('Under way');
  press(keys.escape);
  await shows('Cancelled');
  press('r');
  await shows('Under way');
  expect(session.calls.filter((call) => call === 'bringUp sharding')).toHaveLength(2);
  press(keys.escape);
  await shows('Cancelled');
  press(keys.enter);
  await shows('Add the shards (8 min)');
});

test('a failure of the work is shown with its remedy', async () => {
  const { press, session, shows } = await openLesson();
  Object.assign(session, {
    bringUp: async () => {
      throw new Problem('port-taken', 'Port 27017 is taken by mongod (1234).', {
        remedy: 'Try --port-offset 100',
      });
    },
  });
  session.say({ kind: 'lab', lab: { stage: undefined, runtime: 'local' } });
  press('u');
  expect(await shows('Port 27017 is taken')).toContain('Try --port-offset 100');
});

test('going to a lesson is asked for first, since it may empty the lab', async () => {
  const { press, session, shows } = await openLesson();
  press('g');
  await shows('Start sharding/add-shards anew?');
  press(keys.escape);
  await shows('Add the shards (8 min)');
  expect(session.calls).not.toContain('gotoLesson sharding/add-shards');
  press('g');
  press('y');
  expect(await shows('The lab is at the start of')).toContain('Starting from an empty lab');
  expect(session.calls).toContain('gotoLesson sharding/add-shards');
});

test('Z asks once, then brings the lab back to the start of the lesson', async () => {
  const { press, session, shows } = await openLesson();
  press('Z');
  expect(await shows('Undo sharding/add-shards?')).toContain('you changed are kept beside');
  press(keys.escape);
  await shows('Add the shards (8 min)');
  expect(session.calls).not.toContain('gotoLesson sharding/add-shards restart');
  press('Z');
  await shows('Undo sharding/add-shards?');
  press('y');
  await shows('The lab is at the start of');
  expect(session.calls.filter((call) => call.startsWith('gotoLesson'))).toEqual([
    'gotoLesson sharding/add-shards restart',
  ]);
});

test('an undo that failed is tried again as an undo', async () => {
  const { press, session, shows } = await openLesson();
  const asked: unknown[] = [];
  Object.assign(session, {
    gotoLesson: async (_id: string, _onEvent: unknown, _signal: unknown, options: unknown) => {
      asked.push(options);
      if (asked.length === 1) throw new Problem('disk-full', 'There is no space left on the disk.');
    },
  });
  press('Z');
  await shows('Undo sharding/add-shards?');
  press('y');
  await shows('There is no space left');
  press('r');
  await shows('The lab is at the start of');
  expect(asked).toEqual([{ restart: true }, { restart: true }]);
});

test('/ finds a lesson while it is typed, and Enter opens it', async () => {
  const { press, session, shows } = await openLesson();
  press('/');
  await shows('Find a lesson');
  press('q?mon');
  expect(await shows('No lesson has this')).toContain('/ q?mon');
  press(keys.enter);
  press('\u007F'.repeat(5));
  await shows('Add the shards');
  press('one');
  // Letters are letters here: j is no movement, q no end.
  press('\u007F\u007F\u007Fserver');
  const text = await shows(/› · The config server/);
  expect(text).not.toContain('Start the first mongod');
  press(keys.enter);
  await expect.poll(() => session.calls.at(-1)).toBe('openLesson sharding/config-server');
  expect(mounted.quit).not.toHaveBeenCalled();
});

test('the cursor goes through what a search found, and Esc leaves it', async () => {
  mounted = await mountFake(80, 24);
  const { press, session, shows } = mounted;
  press('/');
  press('the');
  await shows(/› · Add the shards/);
  press(`${keys.up}${keys.up}${keys.up}${keys.up}`);
  await shows(/› ✓ Start the first mongod/);
  press(keys.down);
  await shows(/› ◐ Load the shop/);
  press(keys.escape);
  await shows('▸ Lessons');
  expect(session.calls).toEqual([]);
  press('/load');
  await shows(/› ◐ Load the shop/);
  press(keys.enter);
  await expect.poll(() => session.calls.at(-1)).toBe('openLesson single-node/load-the-shop');
});

test('q quits at once when nothing is under way', async () => {
  const { press, quit } = await openLesson();
  press('q');
  expect(quit).toHaveBeenCalledTimes(1);
});

test('quitting is confirmed while something is under way; a second Ctrl-C confirms', async () => {
  const { press, session, shows, quit } = await openLesson({ hang: true });
  session.say({ kind: 'lab', lab: { stage: undefined, runtime: 'local' } });
  press('u');
  await shows('Under way');
  press(keys.ctrlC);
  await shows('Quit?');
  expect(quit).not.toHaveBeenCalled();
  expect(session.calls).not.toContain('aborted');
  press(keys.ctrlC);
  expect(quit).toHaveBeenCalledTimes(1);
  expect(session.calls).toContain('aborted');
});

test('a notice is shown above the bottom line until it is over', async () => {
  const { session, shows } = await openLesson();
  session.say({
    kind: 'notice',
    notice: { message: 'Your progress file was damaged.', remedy: 'It is kept.' },
  });
  await shows('! Your progress file was damaged. It is kept.');
  session.say({ kind: 'notice', notice: null });
  await expect.poll(async () => mounted.terminal.text()).not.toContain('damaged');
});
