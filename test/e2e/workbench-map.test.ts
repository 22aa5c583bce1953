import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/package.js';
import { portOffsetFor } from '../support/ports.js';
import { openPty, type Pty } from '../workbench/support/pty.js';

// The map on a real lab: a node is killed and started again by keys alone.
const main = join(packageRoot, 'dist', 'src', 'main.js');
const keys = { enter: '\r', escape: '\u001B', down: '\u001B[B' };

let home: string;
let options: readonly string[];
let workbench: Pty | undefined;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'msc-map-'));
  const portOffset = await portOffsetFor(import.meta.filename);
  options = ['--home', home, '--runtime', 'local', '--port-offset', String(portOffset)];
  await execa(process.execPath, [main, 'up', 'sharding', ...options]);
});
afterAll(async () => {
  workbench?.close();
  await execa(process.execPath, [main, 'down', '--purge', ...options]);
  rmSync(home, { recursive: true, force: true });
});

async function statusOf(service: string): Promise<string> {
  const { stdout } = await execa(process.execPath, [main, 'status', '--json', ...options]);
  return JSON.parse(stdout).services.find(({ name }: { name: string }) => name === service)?.state;
}

test('shard2a is killed from the map, seen down in map and checks, and started again', async () => {
  workbench = openPty(process.execPath, [main, ...options], { columns: 120, rows: 40 });
  await workbench.shows('Enter open');
  workbench.type('/shard-sets');
  await workbench.shows('› · Two shards, two sets');
  workbench.type(keys.enter);
  await workbench.shows(/○ shard2a no set yet/);
  await workbench.shows(/○.*shard2/);

  workbench.type(`3${keys.down.repeat(4)}`);
  await workbench.shows('›○ shard2a');
  workbench.type('K');
  await workbench.shows('Kill shard2a?');
  workbench.type('y');
  await workbench.shows('›■ shard2a');
  expect(await statusOf('shard2a')).toBe('stopped');
  expect(await workbench.shows('sharding: 4 of 5 running')).toMatch(/shard2a (is )?stopped/);
  workbench.type('2');
  await workbench.shows('▸ Checks');
  workbench.type(`${keys.down}${keys.down}`);
  await workbench.shows(/shard2a is (stopped|not running|down)/);

  workbench.type(`3${keys.enter}`);
  await workbench.shows('▸ shard2a');
  workbench.type('U');
  await workbench.shows('Start shard2a?');
  workbench.type('y');
  await workbench.shows(/state +○ no set yet/, 30_000);
  await workbench.shows(/Log, as it comes[\s\S]*(NETWORK|STORAGE|CONTROL|REPL)/);
  expect(await statusOf('shard2a')).toBe('running');
  workbench.type(keys.escape);
  await workbench.shows('sharding: 5 of 5 running');
  workbench.type('q');
  expect(await workbench.ended).toBe(0);
});
