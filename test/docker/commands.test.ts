import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStack } from '../../src/lab/compose/stack.js';
import { dockerCli } from '../../src/lab/docker/cli.js';
import { missingImages } from '../../src/lab/docker/images.js';
import type { ServiceStatus } from '../../src/lab/runtime.js';
import { type Cli, cliIn } from '../e2e/support/cli.js';
import { portOffsetFor } from '../support/ports.js';

/** The course's image under a name of this test's own, which may come and go. */
const image = 'msc-test/bundled:1';
let home: string;
let offset: string;
let env: Record<string, string>;
let cli: Cli;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'msc-docker-cli-'));
  offset = String(await portOffsetFor('docker-commands'));
  env = { MSC_HOME: home, MSC_RUNTIME: 'docker', MSC_MONGO_IMAGE: image };
  cli = cliIn(env);
  const source = readStack('single-node').services[0]?.image as string;
  if ((await missingImages(dockerCli, [source])).length > 0) await execa('docker', ['pull', source]);
  await execa('docker', ['image', 'tag', source, image]);
});
afterAll(async () => {
  await cli('down', '--purge');
  await execa('docker', ['image', 'rm', image], { reject: false });
  await rm(home, { recursive: true, force: true });
});

async function statusOf(name: string): Promise<ServiceStatus | undefined> {
  const { services } = (await cli('status', '--json')).json<{ services: ServiceStatus[] }>();
  return services.find((service) => service.name === name);
}

describe.sequential('images', () => {
  test('pull has every image of the course, and says so', async () => {
    const pulled = (await cli('pull', '--json')).json<{
      runtime: string;
      stages: string[];
      programs: string[];
    }>();
    const env = { ...process.env, MSC_MONGO_IMAGE: image };
    const images = pulled.stages.flatMap((stage) =>
      readStack(stage, { env }).services.map((one) => one.image),
    );
    expect(pulled).toMatchObject({ runtime: 'docker', stages: expect.arrayContaining(['single-node']) });
    expect([...pulled.programs].sort()).toEqual([...new Set(images)].sort());
    expect(pulled.programs).toContain(image);
  });

  test('bundle carries them to an engine that has them not', async () => {
    const file = join(home, 'course.tar.gz');
    const saved = await cli('bundle', 'save', file, '--json');
    expect(saved.json()).toMatchObject({
      file,
      images: expect.arrayContaining([image]),
      bytes: expect.any(Number),
    });
    await execa('sha256sum', ['--check', `${file}.sha256`], { cwd: home });

    await execa('docker', ['image', 'rm', '--no-prune', image]);
    const empty = await cli('bundle', 'save', file, '--json');
    expect(empty.json()).toMatchObject({
      error: { code: 'image-missing', remedy: expect.stringContaining('mongo-scale-course pull') },
    });
    const loaded = (await cli('bundle', 'load', file, '--json')).json<{ images: string[] }>();
    expect(loaded.images).toContain(image);
    expect(await missingImages(dockerCli, [image])).toEqual([]);
  });

  test('a bundle that was damaged on its way is refused', async () => {
    const file = join(home, 'course.tar.gz');
    const bytes = await readFile(file);
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
    await writeFile(file, bytes);
    const loaded = await cli('bundle', 'load', file, '--json');
    expect(loaded.exitCode).toBe(3);
    expect(loaded.json()).toMatchObject({ error: { code: 'bundle-damaged' } });
    await rm(file);
  });
});

test.each(['single-node', 'sharding'])(
  'the demo of %s passes in containers',
  async (stage) => {
    const patient = cliIn(env, 580_000);
    const demo = await patient('demo', stage, '--port-offset', offset, '--json');
    const { passed, lessons } = demo.json<{ passed: boolean; lessons: { id: string; passed: boolean }[] }>();
    expect(lessons.filter((lesson) => !lesson.passed)).toEqual([]);
    expect({ passed, exitCode: demo.exitCode }).toEqual({ passed: true, exitCode: 0 });
    expect((await cli('status', '--json')).json()).toMatchObject({ runtime: 'docker', stage });
  },
  600_000,
);

describe.sequential('a network partition', () => {
  test('isolate cuts a node off, rejoin puts it back', async () => {
    expect((await cli('up', 'sharding', '--port-offset', offset)).exitCode).toBe(0);
    const hello = ['shell', 'config1', '--', '--eval', 'new Mongo("shard1a:PORT").getDB("admin").hello().ok'];
    const port = String(27111 + Number(offset));
    const reached = async () =>
      (await cli(...hello.map((word) => word.replace('PORT', port)))).exitCode === 0;
    expect(await reached()).toBe(true);

    expect((await cli('fault', 'isolate', 'shard1a')).stdout).toContain('nobody reaches it');
    expect(await statusOf('shard1a')).toMatchObject({ state: 'running', detail: 'cut off the network' });
    expect(await reached()).toBe(false);

    expect((await cli('fault', 'rejoin', 'shard1a', '--json')).json()).toMatchObject({ state: 'running' });
    expect((await statusOf('shard1a'))?.detail).toBeUndefined();
    expect(await reached()).toBe(true);
  });
});
