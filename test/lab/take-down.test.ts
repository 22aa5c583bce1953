import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Home, prepareHome, resolveHome } from '../../src/home.js';
import type { Runtime } from '../../src/lab/runtime.js';
import { takeLabDown } from '../../src/lab/take-down.js';
import { signalProcess } from '../../src/machine/detached-process.js';
import { identify } from '../../src/machine/process-table.js';
import { Problem } from '../../src/problem.js';

let home: Home;
beforeEach(() => {
  home = resolveHome(join(mkdtempSync(join(tmpdir(), 'msc-down-')), 'home'));
  mkdirSync(home.lab, { recursive: true });
  writeFileSync(home.labState, '{}');
  writeFileSync(home.progress, '{}');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(join(home.root, '..'), { recursive: true });
});

const withoutEngine = {
  kind: 'docker',
  down: async () => {
    throw new Problem('docker-not-running', 'Docker is not running.');
  },
} as unknown as Runtime;

test('a purge without an engine removes what is here, and names what stays in Docker', async () => {
  const report = await takeLabDown({ home, runtime: withoutEngine, companions: [] }, { purge: true });
  expect(report.removed).toEqual([home.lab]);
  expect(report.kept).toContain('mongo-scale-course down --purge --runtime docker');
  expect(existsSync(home.lab)).toBe(false);
  expect(existsSync(home.progress)).toBe(true);
});

test('a stop without an engine fails, and removes nothing', async () => {
  const stopping = takeLabDown({ home, runtime: withoutEngine, companions: [] }, { purge: false });
  await expect(stopping).rejects.toMatchObject({ code: 'docker-not-running' });
  expect(existsSync(home.labState)).toBe(true);
});

test('a server of another user is a problem that says so', async () => {
  vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
  });
  await expect(signalProcess(identify(process.pid), 'SIGTERM')).rejects.toMatchObject({
    code: 'lab-of-another',
  });
});

test('a new home can be read by its owner only', () => {
  const fresh = resolveHome(join(home.root, 'fresh'));
  prepareHome(fresh);
  expect(statSync(fresh.root).mode & 0o777).toBe(0o700);
});
