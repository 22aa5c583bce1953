import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/package.js';
import type { SessionEvent } from '../../src/workbench/course-session.js';
import { openLiveSession } from '../../src/workbench/live-session.js';
import { openTestLab, type TestLab } from '../e2e/support/test-lab.js';
import { portOffsetFor } from '../support/ports.js';
import { type EngineDoor, engineDoor } from './support/engine-door.js';

let folder: string;
let door: EngineDoor;
let testLab: TestLab;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msc-door-'));
  door = await engineDoor(join(folder, 'docker.sock'));
  await door.open();
  vi.stubEnv('DOCKER_HOST', door.host);
  testLab = await openTestLab(await portOffsetFor('docker-engine-gone'), 'docker');
  await testLab.lab.up('single-node', () => {});
});
afterAll(async () => {
  await door.open();
  await testLab.close();
  await door.shut();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

function course(...args: string[]) {
  const main = join(packageRoot, 'dist', 'src', 'main.js');
  const env = { MSC_HOME: testLab.home.root, NO_COLOR: '1' };
  return execa(process.execPath, [main, ...args], { env, reject: false, all: true, stdin: 'ignore' });
}

async function until(what: string, holds: () => boolean, patience = 20_000): Promise<void> {
  const deadline = Date.now() + patience;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not within ${patience} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe.sequential('an engine that stops mid-lesson', () => {
  test('is a notice of a watching check, which goes on when the engine is back', async () => {
    const watch = course('check', 'single-node/load-the-shop', '--watch');
    let said = '';
    watch.all.on('data', (data) => {
      said += data;
    });
    const looked = () => said.includes('not yet');
    await until('a first look', looked);

    await door.shut();
    await until('the notice', () => said.includes('its engine does not answer'));
    expect(said).toContain('Start it (Docker Desktop, or: sudo systemctl start docker)');

    said = '';
    await door.open();
    await until('another look', looked);
    watch.kill('SIGINT');
    expect((await watch).exitCode).toBe(1);
    expect(said).not.toContain('its engine does not answer');
  });

  test('is what status, up and down say, with exit code 3', async () => {
    await door.shut();
    for (const args of [['status'], ['up'], ['down'], ['fault', 'kill', 'shard1a'], ['logs', 'shard1a']]) {
      const { exitCode, stdout } = await course(...args, '--json');
      expect({ args, exitCode }).toEqual({ args, exitCode: 3 });
      expect(JSON.parse(stdout)).toMatchObject({
        error: { code: 'docker-not-running', remedy: expect.stringContaining('--runtime local') },
      });
    }
    await door.open();
    expect((await course('status')).exitCode).toBe(0);
  });

  test('is a notice of the workbench, which goes when the engine is back', async () => {
    const session = await openLiveSession(testLab);
    const events: SessionEvent[] = [];
    session.subscribe((event) => events.push(event));
    const last = (kind: SessionEvent['kind']) => events.findLast((event) => event.kind === kind);
    await until('a first look', () => last('snapshot') !== undefined);

    await door.shut();
    await until('the notice', () => last('notice') !== undefined);
    expect(last('notice')).toMatchObject({
      notice: { message: expect.stringContaining('engine does not answer'), remedy: expect.any(String) },
    });
    await door.open();
    await until('that the notice goes', () => isDone(last('notice')));
    await session.close();
  });
});

function isDone(event: SessionEvent | undefined): boolean {
  return event?.kind === 'notice' && event.notice === null;
}
