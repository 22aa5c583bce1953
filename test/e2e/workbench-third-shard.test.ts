import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { composeWith } from '../../src/lesson/probes/compose-services.js';
import { packageRoot } from '../../src/package.js';
import { portOffsetFor } from '../support/ports.js';
import { openPty, type Pty } from '../workbench/support/pty.js';

// The step of third-shard that is done with keys alone: the learner writes a service, and u brings it up.
const main = join(packageRoot, 'dist', 'src', 'main.js');
const keys = { enter: '\r', leave: '\u001D' };
/** Milliseconds for what servers do, on a machine that has twenty other things to do. */
const patience = 120_000;
vi.setConfig({ testTimeout: 600_000 });

let home: string;
let toWrite: string;
let options: readonly string[];
let workbench: Pty | undefined;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'msc-third-shard-'));
  toWrite = join(home, 'to-write.yaml');
  const portOffset = await portOffsetFor(import.meta.filename);
  options = ['--home', home, '--runtime', 'local', '--port-offset', String(portOffset)];
});
afterAll(async () => {
  workbench?.close();
  await execa(process.execPath, [main, 'down', '--purge', ...options]);
  rmSync(home, { recursive: true, force: true });
});

/** The service that the lesson shows, as its text has it. */
function serviceOfTheLesson(): string {
  const text = readFileSync(join(packageRoot, 'lessons', 'sharding', 'third-shard', 'en.md'), 'utf8');
  const [, block = ''] = /```yaml\n( {5}shard3a:\n[\s\S]*?) *```/.exec(text) ?? [];
  return block.replace(/^ {3}/gm, '');
}

/** An editor that puts the file `toWrite` in the place of the one it is given. */
function editor(): string {
  const program = join(home, 'editor.mjs');
  const text = `import { copyFileSync } from 'node:fs';\ncopyFileSync(${JSON.stringify(toWrite)}, process.argv[2]);\n`;
  writeFileSync(program, text);
  return `'${process.execPath}' '${program}'`;
}

test('a server that the learner adds to their compose file comes up with u, after a slip was told', async () => {
  await execa(process.execPath, [main, 'up', 'sharding', ...options]);
  const service = serviceOfTheLesson();
  expect(service).toMatch(/^ {2}shard3a:\n {4}<<: \*mongo\n/);

  const env = { VISUAL: editor() };
  const opened = openPty(process.execPath, [main, ...options], { columns: 140, rows: 50, env });
  workbench = opened;
  const shows = (wanted: string | RegExp) => opened.shows(wanted, patience);
  const save = async (text: string, seen: string | RegExp): Promise<void> => {
    writeFileSync(toWrite, text);
    opened.type('e');
    await shows(seen);
  };

  await shows('Enter open');
  opened.type('/third-shard');
  await shows('› · A third shard, and back again');
  opened.type(keys.enter);
  await shows('▸ A third shard, and back again');
  await shows('sharding: 5 of 5 running');

  // A letter too few, as it happens.
  await save(
    composeWith(service.replace('*mongo', '*mong'), 'shard3a'),
    '! compose.yaml cannot be run; u says why.',
  );
  opened.type('u');
  const refused = (await shows('yours is kept beside it')).replace(/[\s│]+/g, ' ');
  expect(refused).toMatch(/compose\.yaml:\d+: services\.shard3a\.<<: unknown alias \*mong/);
  expect(refused).toContain('mongo-scale-course reset compose.yaml');
  expect(refused).not.toContain('mistake of its own');
  opened.type(keys.enter);

  await save(composeWith(service, 'shard3a'), '! compose.yaml differs from what runs; u brings it up.');
  await shows('✓ Your compose file has a sound service shard3a');
  expect(await opened.text()).toMatch(/u bring up/);
  opened.type('s');
  await shows('shard3a is in compose.yaml, but does not run yet.');
  opened.type(keys.enter);
  await shows('▸ A third shard, and back again');

  opened.type('u');
  await shows('✓ sharding is up.');
  opened.type(keys.enter);
  await shows('sharding: 6 of 6 running');
  await shows(/○ shard3a no set yet/);
  opened.type('s');
  await shows('▸ Shell on shard3a');
  await shows(/^│test> +│$/m);
  opened.type(`db.hello().ok${keys.enter}`);
  await shows(/^│1 +│$/m);
  opened.type(`${keys.leave}q`);
  expect(await opened.ended).toBe(0);

  const { stdout } = await execa(process.execPath, [main, 'status', '--json', ...options]);
  const { services } = JSON.parse(stdout) as { services: readonly { name: string; state: string }[] };
  expect(services).toContainEqual(expect.objectContaining({ name: 'shard3a', state: 'running' }));
});
