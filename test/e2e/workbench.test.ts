import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { findLesson, loadCatalog } from '../../src/course/catalog.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { packageRoot } from '../../src/package.js';
import { portOffsetFor } from '../support/ports.js';
import { openPty, type Pty } from '../workbench/support/pty.js';

// The built program in a real pseudo-terminal on a real lab, by keys alone.
const main = join(packageRoot, 'dist', 'src', 'main.js');
const keys = { enter: '\r', escape: '\u001B', leave: '\u001D' };

let home: string;
let options: readonly string[];
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'msc-workbench-'));
  const portOffset = await portOffsetFor(import.meta.filename);
  options = ['--home', home, '--runtime', 'local', '--port-offset', String(portOffset)];
});
afterAll(async () => {
  await execa(process.execPath, [main, 'down', '--purge', ...options]);
  rmSync(home, { recursive: true, force: true });
});

const opened: Pty[] = [];
// One that a failed test left would hold the home, and the next test would fail for it.
afterEach(() => {
  for (const workbench of opened.splice(0)) workbench.close();
});

function openWorkbench(): Pty {
  const workbench = openPty(process.execPath, [main, ...options], { columns: 120, rows: 40 });
  opened.push(workbench);
  return workbench;
}

/** What a learner types for the lesson, one statement a line. */
async function solutionOf(id: string): Promise<readonly string[]> {
  const { plan } = findLesson(await loadCatalog<Lesson>(), id);
  return plan.solution.flatMap((step) => (step.kind === 'shell' ? step.lines.split('\n') : []));
}

test('the first lesson: brought up, solved in the shell pane, seen passing, and left', async () => {
  const workbench = openWorkbench();
  await workbench.shows('Enter open');
  workbench.type(keys.enter);
  await workbench.shows('Nothing runs yet');
  workbench.type('u');
  await workbench.shows('✓ single-node is up.', 60_000);
  workbench.type(keys.enter);
  await workbench.shows('○', 20_000);
  expect(await workbench.text()).toContain('standalone');

  workbench.type('s');
  await workbench.shows(/^│\w+> +│$/m, 60_000);
  for (const line of await solutionOf('single-node/first-mongod')) workbench.type(`${line}${keys.enter}`);
  await workbench.shows(/acknowledged: true/, 20_000);
  // The shell is still there while the checks turn.
  const passed = await workbench.shows(/^(?![\s\S]*│ ○)[\s\S]*Checks: 2 of 2 passed/, 20_000);
  expect(passed).toContain('▸ Shell on shard1a');
  workbench.type(keys.leave);
  await workbench.shows('z zoom shell');

  workbench.type('\u001B[F');
  await workbench.shows('Passed: what happened');
  workbench.type('q');
  expect(await workbench.ended).toBe(0);
  const left = await workbench.text();
  expect(left).toContain('The lab goes on running (single-node)');
  expect((await workbench.state()).screen).toBe('normal');
});

test('the lab went on running, and the next workbench shows the lesson passed', async () => {
  const { stdout } = await execa(process.execPath, [main, 'status', '--json', ...options]);
  expect(JSON.parse(stdout)).toMatchObject({
    stage: 'single-node',
    services: [
      { name: 'shard1a', state: 'running' },
      { name: 'shop1', state: 'running' },
    ],
  });
  const workbench = openWorkbench();
  const list = await workbench.shows('2 of 2 running');
  expect(list).toMatch(/› ✓ .*passed/);
  workbench.type('q');
  expect(await workbench.ended).toBe(0);
});

test('t types a code block of the lesson into mongosh as it stands, and Enter runs it', async () => {
  const workbench = openWorkbench();
  await workbench.shows('2 of 2 running');
  workbench.type(keys.enter);
  await workbench.shows('▸ Your first mongod');
  workbench.type('s');
  await workbench.shows(/^│test> +│$/m, 60_000);
  const typeBlock = async (number: number): Promise<void> => {
    workbench.type(`${keys.leave}t`);
    await workbench.shows('which code block');
    workbench.type(String(number));
  };
  await typeBlock(2);
  await workbench.shows(/^│test> use shop +│$/m);
  workbench.type(keys.enter);
  await workbench.shows(/^│shop> +│$/m);

  // Of several lines, it is one statement: nothing runs before Enter, and then all of it.
  await typeBlock(3);
  const typed = await workbench.shows(/^│.*stock: 30[\s\S]*\}\)/m);
  expect(typed).not.toContain('E11000');
  workbench.type(keys.enter);
  await workbench.shows('E11000');

  await typeBlock(4);
  await workbench.shows(/^│shop> db\.products\.find\(\) +│$/m);
  workbench.type(keys.enter);
  await workbench.shows(/_id: 'PHO-0001'/);
  workbench.type(`${keys.leave}q`);
  expect(await workbench.ended).toBe(0);
});

test('a second workbench on the same home says so and ends', async () => {
  const first = openWorkbench();
  await first.shows('Enter open');
  const second = openWorkbench();
  expect(await second.ended).toBe(3);
  expect(await second.text()).toContain('A workbench is open on this home already');
  first.type('q');
  expect(await first.ended).toBe(0);
});

test('a demo types the solution into the shell pane, its checks turn green, and it ends', async () => {
  const workbench = openPty(process.execPath, [main, 'demo', 'single-node/first-mongod', ...options], {
    columns: 120,
    rows: 40,
  });
  opened.push(workbench);
  await workbench.shows(/demo shard1a> /, 60_000);
  const passed = await workbench.shows(/^(?![\s\S]*│ ○)[\s\S]*demo every check is passed/, 60_000);
  expect(passed).toMatch(/\w+> db\.\w+\.insertOne/);
  await workbench.shows('demo over: 1 of 1 passed');
  workbench.type('q');
  expect(await workbench.ended).toBe(0);
  expect(await workbench.text()).toContain('The lab goes on running (single-node)');
});

test('a server that cannot start is told with the last of its log, and with what to do', async () => {
  await execa(process.execPath, [main, 'down', ...options]);
  writeFileSync(join(home, 'lab', 'data', 'shard1a', 'WiredTiger.turtle'), 'damaged');
  const workbench = openWorkbench();
  await workbench.shows('u bring up');
  workbench.type('u');
  const failed = await workbench.shows('✗ Bring up single-node', 60_000);
  expect(failed).toMatch(/^│ +shard1a +✗ failed/m);
  expect(failed).toContain('its data files are damaged');
  expect(failed).toMatch(/The last lines of its log:[\s\S]*WiredTiger\.turtle/);
  expect(failed).toContain('mongo-scale-course down --purge');
  expect(failed).toContain('mongo-scale-course logs shard1a');
  expect(failed).toContain('r try again');
  workbench.type(keys.escape);
  await workbench.shows('q quit');
  workbench.type('q');
  expect(await workbench.ended).toBe(0);
});
