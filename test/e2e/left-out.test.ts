import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { resolveHome } from '../../src/home.js';
import { readStackFile } from '../../src/lab/compose/stack.js';
import { openLocalRuntime } from '../../src/lab/local/runtime.js';
import type { UpEvent } from '../../src/lab/runtime.js';
import { portOffsetFor } from '../support/ports.js';

// A machine without nginx, whatever the one that runs this test has.
vi.mock('../../src/lab/local/programs/candidates.js', async (original) => {
  const real = await original<typeof import('../../src/lab/local/programs/candidates.js')>();
  const candidates: typeof real.candidates = async (name, env) =>
    name === 'nginx' ? [] : real.candidates(name, env);
  return { ...real, candidates };
});

const folder = await mkdtemp(join(tmpdir(), 'msc-left-out-'));
const runtime = openLocalRuntime(resolveHome(join(folder, 'home')));
afterAll(async () => {
  await runtime.down({ purge: true });
  await rm(folder, { recursive: true, force: true });
});

it('leaves out a service whose program is not there and can be done without, and says how to have it', async () => {
  const file = join(folder, 'edge.yaml');
  await writeFile(
    file,
    `name: mongo-scale-course
services:
  redis:
    image: redis:8
    command: redis-server --port 6379
    ports: ["127.0.0.1:6379:6379"]
  edge:
    image: nginx:1.28
    command: nginx
    ports: ["127.0.0.1:8090:8090"]
    depends_on: [redis]
`,
  );
  const stack = readStackFile(file, { portOffset: await portOffsetFor('left-out') });
  const events: UpEvent[] = [];
  await runtime.up(stack, (event) => events.push(event));

  const remedy = expect.stringContaining('apt install nginx-light');
  expect(events).toContainEqual({ kind: 'service', service: 'edge', phase: 'left out', detail: remedy });
  expect(await runtime.services()).toEqual([
    expect.objectContaining({ name: 'redis', state: 'running' }),
    expect.objectContaining({ name: 'edge', state: 'absent', leftOut: remedy }),
  ]);
  await expect(runtime.start('edge')).rejects.toMatchObject({ code: 'program-missing', remedy });
  expect((await runtime.services())[1]).toMatchObject({ leftOut: remedy });
});
