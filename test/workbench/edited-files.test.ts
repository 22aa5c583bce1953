import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { loadCatalog } from '../../src/course/catalog.js';
import type { CourseLesson } from '../../src/course/types.js';
import { ownCompose } from '../../src/lab/workspace/learner-compose.js';
import { startingText } from '../../src/lab/workspace/workspace.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { composeWith } from '../../src/lesson/probes/compose-services.js';
import { codeBlocks } from '../../src/workbench/text/code-blocks.js';
import { type Live, openLive } from './support/live.js';
import { mountOn, type OnTerminal } from './support/mounted.js';

// Keys after an edit, for every lesson that is about a file: the real session and controller, the file on disk, and
// a runtime that only says what runs.

vi.setConfig({ testTimeout: 60_000 });

const keys = { enter: '\r', escape: '\u001B', end: '\u001B[F' };
const catalog = await loadCatalog<Lesson>('en');
const withFile = catalog.lessons.flatMap((lesson) =>
  lesson.plan.file === undefined ? [] : [{ lesson, file: lesson.plan.file, id: lesson.id }],
);
const ofCompose = withFile.filter(({ file }) => file === ownCompose.file);

/** The learner's edit: what an editor leaves in the file when it ends. */
type Edit = (path: string) => void;

interface Opened {
  readonly live: Live;
  readonly ui: OnTerminal;
  /** What the next `e` leaves in the file. */
  edit(change: Edit): void;
}

let opened: Opened | undefined;
afterEach(async () => {
  await opened?.ui.close();
  await opened?.live.close();
  opened = undefined;
});

/** The workbench on a lesson whose stage is up, with its servers counted. */
async function open(
  { id, stage }: CourseLesson<Lesson>,
  { columns = 140, rows = 50, passed = 0 } = {},
): Promise<Opened> {
  const live = await openLive(catalog, stage, passed);
  let next: Edit = () => {};
  const ui = await mountOn(live.session, {
    columns,
    rows,
    handedTo: async ({ args }) => {
      const path = args.at(-1);
      if (path !== undefined) next(path);
      return { exitCode: 0, failure: undefined };
    },
  });
  opened = {
    live,
    ui,
    edit(change) {
      next = change;
    },
  };
  ui.press(`/${id}`);
  await ui.shows(`/${id}`.slice(1));
  ui.press(keys.enter);
  await ui.shows(/Checks:? \d+( of |\/)\d+/);
  return opened;
}

/** The text of a pane, the left one where two are side by side, without its line ends. */
const oneLine = (screen: string): string =>
  screen
    .split('\n')
    .map((line) => /^│(.*?)│/.exec(line)?.[1] ?? '')
    .join(' ')
    .replace(/\s+/g, ' ');

const pathOf = ({ live }: Opened, file: string): string => live.lab.runtime.workspacePath(file);

test('lessons about a file are there to be tried', () => {
  expect(withFile.length).toBeGreaterThan(10);
  expect(new Set(withFile.map(({ file }) => file)).size).toBeGreaterThan(3);
  expect(ofCompose.map(({ id }) => id)).toContain('sharding/third-shard');
});

describe.each(withFile)('$id, whose file is $file', ({ lesson, file, id }) => {
  test('e opens the file as it begins and keeps the edit; then s, t, u and g do what they say', async () => {
    const there = await open(lesson);
    const { ui, live, edit } = there;
    const path = pathOf(there, file);
    const start = startingText(file, await live.lab.places(lesson.stage));
    const mine = `${start}# mine\n`;
    let before = '';
    edit((edited) => {
      before = readFileSync(edited, 'utf8');
      writeFileSync(edited, mine);
    });
    ui.press('e');
    await expect.poll(() => before).toBe(start);
    expect(ui.runInForeground.mock.lastCall?.[0].args.at(-1)).toBe(path);
    // A second time it is the learner's own.
    ui.press('e');
    await expect.poll(() => before).toBe(mine);

    ui.press('s');
    await expect.poll(() => live.calls.at(-1)).toBe(`shell ${lesson.plan.checks[0]?.at} own`);

    const [first, ...more] = codeBlocks((await live.session.openLesson(id)).text.body);
    ui.press('t');
    if (more.length > 0) {
      await ui.shows('which code block');
      ui.press('1');
    }
    if (first) await expect.poll(() => ui.runInForeground.mock.lastCall?.[1]).toContain(first.code);

    if (file !== ownCompose.file) {
      ui.press('u');
      await ui.shows(`All servers of ${lesson.stage} run already.`);
      expect(live.calls.filter((call) => call.startsWith('up'))).toEqual([`up ${lesson.stage}`]);
      ui.press(keys.escape);
      await expect.poll(() => ui.terminal.text()).not.toContain('run already');
    }

    ui.press('g');
    await ui.shows(`Start ${id} anew?`);
    ui.press(keys.escape);
    await expect.poll(() => ui.terminal.text()).not.toContain('anew?');
    expect(live.calls).not.toContain(`goto ${id}`);
    expect(readFileSync(path, 'utf8')).toBe(mine);
    ui.press('g');
    await ui.shows(`Start ${id} anew?`);
    ui.press('y');
    await expect.poll(() => live.calls.at(-1)).toBe(`goto ${id}`);
  });
});

const shard3a = `  shard3a:
    <<: *mongo
    command: mongod --shardsvr --replSet shard3 --port 27131 --bind_ip_all --dbpath /data/db
    ports: ["127.0.0.1:27131:27131"]
    volumes:
      - shard3a:/data/db
`;
const finished = composeWith(shard3a, 'shard3a');

describe.each(ofCompose)('$id, whose file says what runs', ({ lesson }) => {
  const footer = async (ui: OnTerminal): Promise<string> =>
    (await ui.terminal.text()).trimEnd().split('\n').at(-1) ?? '';

  test('u brings up what the edited file says, whether or not anybody has looked since', async () => {
    const { ui, live, edit } = await open(lesson);
    expect(await footer(ui)).not.toContain('bring up');
    edit((path) => writeFileSync(path, finished));
    ui.press('e');
    await expect.poll(() => ui.runInForeground.mock.calls.length).toBe(1);
    ui.press('u');
    await ui.shows('✓ sharding is up.');
    expect(live.running()).toContain('shard3a');
    ui.press(keys.enter);
    await ui.shows('● shard3a running');
  });

  test('the bottom line offers u, and the map says why, until it is brought up', async () => {
    const { ui, edit } = await open(lesson, { columns: 80, rows: 24 });
    edit((path) => writeFileSync(path, finished));
    ui.press('e');
    await expect.poll(() => footer(ui)).toContain('u bring up');
    ui.press('3');
    await ui.shows('! compose.yaml differs from what runs; u brings it up.');
    ui.press('u');
    await ui.shows('✓ sharding is up.');
    ui.press(keys.enter);
    await expect.poll(() => footer(ui)).toContain('e edit');
    await expect.poll(() => footer(ui)).not.toContain('u bring up');
  });

  test.each([
    [
      'an alias of nothing',
      finished.replace(shard3a, shard3a.replace('*mongo', '*mong')),
      'services.shard3a.<<: unknown alias *mong',
    ],
    [
      'a service that is there twice',
      finished.replace(shard3a, shard3a + shard3a),
      'services.shard3a: this key is there twice',
    ],
    [
      'a role too many',
      finished.replace(shard3a, shard3a.replace('--shardsvr', '--shardsvr --configsvr')),
      'services.shard3a.command',
    ],
    ['an empty file', '', 'the file is empty'],
  ])('with %s, u shows the line, why and the way out, and starts nothing', async (_, text, why) => {
    const { ui, live, edit } = await open(lesson);
    edit((path) => writeFileSync(path, text));
    ui.press('e');
    await expect.poll(() => ui.runInForeground.mock.calls.length).toBe(1);
    ui.press('u');
    const screen = oneLine(await ui.shows('yours is kept beside it'));
    expect(screen).toMatch(/compose\.yaml:\d+: /);
    expect(screen).toContain(why);
    expect(live.calls.filter((call) => call.startsWith('up'))).toHaveLength(1);
    ui.press(keys.escape);
    await ui.shows('! compose.yaml cannot be run; u says why.');
  });

  test('s on the check of a server that the file has yet to bring says what to do', async () => {
    const passed = lesson.plan.checks.findIndex(({ at }) => at === 'shard3a');
    const { ui, live, edit } = await open(lesson, { passed });
    let edits = 0;
    const save = async (text: string): Promise<void> => {
      edit((path) => writeFileSync(path, text));
      ui.press('e');
      edits += 1;
      await expect.poll(() => ui.runInForeground.mock.calls.length).toBe(edits);
    };
    const shellSays = async (what: string): Promise<void> => {
      ui.press('s');
      await ui.shows('Open a shell on shard3a: failed');
      await expect.poll(async () => oneLine(await ui.terminal.text())).toContain(what);
      ui.press(keys.enter);
      await expect.poll(() => ui.terminal.text()).not.toContain('failed');
    };

    await shellSays(
      'shard3a does not run: it is not in compose.yaml yet. Add it to compose.yaml as the lesson says',
    );
    await save(finished);
    await shellSays('shard3a is in compose.yaml, but does not run yet. Bring it up: press u');
    await save(finished.replace(shard3a, shard3a.replace('ports:', 'port:')));
    await shellSays('compose.yaml cannot be brought up as it is');

    await save(finished);
    ui.press('u');
    await ui.shows('✓ sharding is up.');
    ui.press(keys.enter);
    await ui.shows('● shard3a running');
    await expect.poll(() => footer(ui)).toContain('s shell');
    ui.press('s');
    await expect.poll(() => live.calls.at(-1)).toBe('shell shard3a own');
  });

  test('in another lesson of its stage u brings up what the file says as well', async () => {
    const other = catalog.lessons.find(
      ({ stage, plan }) => stage === lesson.stage && plan.file === undefined,
    );
    if (!other) throw new Error('the stage has no other lesson');
    const { ui, live } = await open(other);
    const path = await live.session.workspaceFile(ownCompose.file);
    await live.session.look();
    writeFileSync(path, finished);
    ui.press('u');
    await ui.shows('✓ sharding is up.');
    expect(live.running()).toContain('shard3a');
  });
});
