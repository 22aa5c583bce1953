// npm run tour: drives the real workbench on a real lab by keys, as a learner would, and writes what is seen to
// assets/tour: a recording (asciicast v2) and a picture of its best moment (SVG).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { loadCatalog } from '../../src/course/catalog.ts';
import { openRecordedTerminal } from './recorded-terminal.mjs';
import { screenSvg } from './screen-svg.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist', 'src', 'main.js');
const folder = join(root, 'assets', 'tour');
const lessonId = 'sharding/add-shards';
const home = mkdtempSync(join(tmpdir(), 'msc-tour-'));
const options = ['--home', home, '--runtime', 'local', ...process.argv.slice(2)];
const run = (...args) => execa(process.execPath, [main, ...args, ...options], { stderr: 'inherit' });
const keys = { enter: '\r', leaveShell: '\u001D' };

/** What a learner types for the lesson, with the addresses of this lab. */
async function solution() {
  const { stdout } = await run('status', '--json');
  const addresses = new Map(JSON.parse(stdout).services.map(({ name, address }) => [name, address]));
  const lesson = (await loadCatalog('en')).lessons.find(({ id }) => id === lessonId);
  return lesson.plan.solution
    .flatMap((step) => (step.kind === 'shell' ? step.lines.split('\n') : []))
    .map((line) => line.replace(/\{\{\s*peer (\w+)\s*\}\}/g, (_, service) => addresses.get(service)));
}

try {
  await run('goto', lessonId);
  const statements = await solution();
  const terminal = openRecordedTerminal(process.execPath, [main, ...options], { columns: 120, rows: 36 });
  await terminal.shows('Enter open');
  await terminal.pause(1.5);
  terminal.press(keys.enter);
  await terminal.shows('Add the shards (');
  await terminal.pause(2.5);
  terminal.press('s');
  await terminal.shows(/mongos\] \w+> *│?$/m);
  let typed = 0;
  for (const statement of statements) {
    await terminal.type(statement);
    terminal.press(keys.enter);
    typed += 1;
    if (typed <= 2) await terminal.shows(new RegExp(`✓ shard${typed} is part`));
    await terminal.pause(1.5);
  }
  await terminal.shows('3 of 3 passed');
  await terminal.pause(2);
  const picture = screenSvg(terminal.screen());
  terminal.press(keys.leaveShell);
  terminal.press('1');
  terminal.press('\u001B[F');
  await terminal.shows('Passed: what happened');
  await terminal.pause(4);
  terminal.press('q');
  await terminal.ended;

  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tour.cast'), terminal.cast('mongo-scale-course: add two shards'));
  writeFileSync(join(folder, 'workbench.svg'), picture);
} finally {
  await run('down', '--purge');
  rmSync(home, { recursive: true, force: true });
}
