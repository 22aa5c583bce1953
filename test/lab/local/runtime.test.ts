import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { type Home, resolveHome } from '../../../src/home.js';
import { readStack } from '../../../src/lab/compose/stack.js';
import { openLocalRuntime } from '../../../src/lab/local/runtime.js';

const folder = mkdtempSync(join(tmpdir(), 'msc-home-'));
afterAll(() => rmSync(folder, { recursive: true }));

let home: Home;
beforeEach(() => {
  home = resolveHome(mkdtempSync(join(folder, 'home-')));
});

/** A lab that has been up once, and whose computer was switched off since. */
function leaveLab(): void {
  const stack = readStack('single-node', { env: {} });
  const launch = { file: '/bin/mongod', args: [], env: {}, cwd: '/', runs: 'mongod 6.0.5' };
  const gone = { pid: 1, startedAt: 'a boot before/17' };
  mkdirSync(home.logs, { recursive: true });
  writeFileSync(
    join(home.lab, 'local.json'),
    JSON.stringify({ stack, services: { shard1a: { launch, wanted: true, process: gone } } }),
  );
  writeFileSync(join(home.logs, 'shard1a.log'), 'first\nsecond\n');
}

test('before the first up there is no stack, no service and nothing to stop', async () => {
  const runtime = openLocalRuntime(home);
  expect(runtime.stack()).toBeUndefined();
  expect(await runtime.services()).toEqual([]);
  expect(await runtime.down({ purge: false })).toEqual({ stopped: [], killed: [], removed: [] });
  const notUp = { code: 'lab-not-up', exitCode: 3 };
  await expect(runtime.stop('shard1a')).rejects.toMatchObject(notUp);
  await expect(runtime.shell('shard1a')).rejects.toMatchObject(notUp);
  expect(() => runtime.address('shard1a')).toThrow(expect.objectContaining(notUp));
});

test('a lab from before the last boot is remembered, its servers are dead', async () => {
  leaveLab();
  const runtime = openLocalRuntime(home);
  expect(runtime.stack()?.stage).toBe('single-node');
  expect(runtime.address('shard1a')).toBe('127.0.0.1:27111');
  expect(runtime.peerAddress('shard1a')).toBe('127.0.0.1:27111');
  expect((await runtime.services())[0]).toMatchObject({
    name: 'shard1a',
    state: 'dead',
    runs: 'mongod 6.0.5',
    detail: 'last in its log: second',
  });
  expect((await runtime.down({ purge: false })).stopped).toEqual([]);
});

test('what is asked of a service that the stack has not names those it has', () => {
  leaveLab();
  expect(() => openLocalRuntime(home).address('shard9a')).toThrow(
    expect.objectContaining({ code: 'unknown-service', exitCode: 2, remedy: 'It has: shard1a, shop1.' }),
  );
});

test('a shell on a server that does not run is refused, with the command that starts it', async () => {
  leaveLab();
  await expect(openLocalRuntime(home).shell('shard1a')).rejects.toMatchObject({
    code: 'service-not-running',
    remedy: 'Start it: mongo-scale-course fault start shard1a',
  });
});

test('a purge names what was there, and no folder that was not', async () => {
  expect((await openLocalRuntime(home).down({ purge: true })).removed).toEqual([]);
  leaveLab();
  expect((await openLocalRuntime(home).down({ purge: true })).removed).toEqual([home.lab]);
  expect(existsSync(home.lab)).toBe(false);
});

test('notes that are damaged are not taken for an empty lab', async () => {
  leaveLab();
  writeFileSync(join(home.lab, 'local.json'), '{"services": {"shard1a": ');
  const damaged = { code: 'lab-damaged', remedy: expect.stringContaining('mongo-scale-course down --purge') };
  await expect(openLocalRuntime(home).down({ purge: false })).rejects.toMatchObject(damaged);
  expect(() => openLocalRuntime(home).stack()).toThrow(expect.objectContaining(damaged));
});

// Node's own recursive mkdir never ends in /proc.
const nowheres = ['/dev/null/course', ...(process.platform === 'linux' ? ['/proc/course/mine'] : [])];

test.each(nowheres)(
  'a home that cannot be written is a problem before anything is started: %s',
  async (root) => {
    const nowhere = resolveHome(root);
    const up = openLocalRuntime(nowhere).up(readStack('single-node', { env: {} }), () => {});
    await expect(up).rejects.toMatchObject({
      code: 'home-not-writable',
      remedy: expect.stringContaining('--home'),
    });
  },
);

test('a file of the shop is named by its path on this machine', () => {
  expect(openLocalRuntime(home).coursePath('products.json')).toMatch(/\/assets\/shop\/products\.json$/);
});
