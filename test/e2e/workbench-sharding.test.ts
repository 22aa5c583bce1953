import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/package.js';
import { portOffsetFor } from '../support/ports.js';
import { openPty, type Pty } from '../workbench/support/pty.js';

// A whole lesson on a real cluster by keys alone, as a learner reads it: its own code blocks, sent by their numbers.
const main = join(packageRoot, 'dist', 'src', 'main.js');
const keys = { enter: '\r', leave: '\u001D', end: '\u001B[F' };
/** Milliseconds for what servers do, on a machine that has twenty other things to do. */
const patience = 120_000;
vi.setConfig({ testTimeout: 600_000 });

let home: string;
let options: readonly string[];
let workbench: Pty | undefined;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'msc-sharding-'));
  const portOffset = await portOffsetFor(import.meta.filename);
  options = ['--home', home, '--runtime', 'local', '--port-offset', String(portOffset)];
});
afterAll(async () => {
  workbench?.close();
  await execa(process.execPath, [main, 'down', '--purge', ...options]);
  rmSync(home, { recursive: true, force: true });
});

test('the first lesson of sharding: found, brought up, its code sent to the shell, passed, and left by n', async () => {
  const opened = openPty(process.execPath, [main, ...options], { columns: 140, rows: 50 });
  workbench = opened;
  const shows = (wanted: string | RegExp) => opened.shows(wanted, patience);
  const sendBlock = async (number: number): Promise<void> => {
    opened.type(`${keys.leave}t`);
    await shows('which code block');
    opened.type(String(number));
  };

  await shows('Enter open');
  opened.type('/config-server');
  await shows('› · A config server for the cluster');
  opened.type(keys.enter);
  await shows('▸ A config server for the cluster');
  await shows('Nothing runs yet');
  opened.type('u');
  await shows('✓ sharding is up.');
  opened.type(keys.enter);
  await shows(/○ config1 no set yet/);
  await shows('Checks: 0 of 2 passed');

  opened.type('s');
  await shows('▸ Shell on config1');
  await shows(/^│test> +│$/m);

  // Whoever sends one block and then another means the other: of one line, and of five.
  await sendBlock(1);
  await shows(/^│test> rs\.status\(\) +│$/m);
  await sendBlock(2);
  await shows(/^│test> rs\.initiate\(\{ +│$[\s\S]*^│\.\.\. \}\) +│$/m);

  // The first block: two questions, of which the first is answered by an error. Each is run by its own Enter.
  await sendBlock(1);
  await shows(/^│test> rs\.status\(\) +│$/m);
  expect(await opened.text()).not.toContain('no replset config');
  opened.type(keys.enter);
  await shows('no replset config');
  await shows(/^│test> db\.hello\(\) +│$/m);
  opened.type(keys.enter);
  await shows(/ok: 1/);
  await shows(/^│test> +│$/m);

  // The second: one statement of five lines, which runs when Enter is pressed and not before.
  await sendBlock(2);
  await shows(/members: \[[\s\S]*\}\) *│$/m);
  expect(await opened.text()).toContain('Checks: 0 of 2 passed');
  opened.type(keys.enter);

  // As the lesson says: Enter until the prompt tells that the member has elected itself.
  await vi.waitFor(
    async () => {
      opened.type(keys.enter);
      await opened.shows(/configset \[direct: primary\] test> +│$/m, 2_000);
    },
    { timeout: patience, interval: 100 },
  );
  const passed = await shows('Checks: 2 of 2 passed');
  expect(passed).toContain('▸ Shell on config1');
  await shows(/◆ config1 primary/);

  // Nothing goes on by itself.
  opened.type(`${keys.leave}1`);
  await shows('▸ A config server for the cluster');
  opened.type(keys.end);
  expect(await shows('Passed: what happened')).toContain('A config server for the cluster');
  opened.type('n');
  await shows('▸ Two shards, two sets');
  opened.type('q');
  expect(await opened.ended).toBe(0);

  const { stdout } = await execa(process.execPath, [main, 'list', '--json', ...options]);
  const lessons = JSON.parse(stdout).stages.flatMap((stage: { lessons: unknown }) => stage.lessons);
  expect(lessons).toContainEqual(expect.objectContaining({ id: 'sharding/config-server', state: 'passed' }));
});
