import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadBundle, saveBundle } from '../../src/lab/docker/bundle.js';
import { dockerCli } from '../../src/lab/docker/cli.js';
import { dockerAnswers } from '../../src/lab/docker/detect.js';
import { fetchImages, missingImages } from '../../src/lab/docker/images.js';
import type { UpEvent } from '../../src/lab/runtime.js';
import { newLayerSize, openRegistry, type TestRegistry } from './support/registry.js';

const source = process.env.MSC_REDIS_IMAGE ?? 'redis:8';
let registry: TestRegistry;
let image: string;
let folder: string;
let composeVersion: string;

beforeAll(async () => {
  const docker = await dockerAnswers();
  if (!docker.ok) throw docker.problem;
  composeVersion = docker.compose;
  if ((await missingImages(dockerCli, [source])).length > 0) await execa('docker', ['pull', source]);
  registry = await openRegistry(source, 'course/cache');
  image = `${registry.address}/course/cache:test`;
  folder = await mkdtemp(join(tmpdir(), 'msc-images-'));
});

afterAll(async () => {
  await registry.close();
  await execa('docker', ['image', 'rm', image], { reject: false });
  await rm(folder, { recursive: true, force: true });
});

const fetching = (onProgress: (event: UpEvent) => void = () => {}) => ({
  cli: dockerCli,
  composeVersion,
  onProgress,
});

describe.sequential('images', () => {
  test('are pulled from a registry when the engine has them not', async () => {
    expect(await missingImages(dockerCli, [image, source])).toEqual([image]);
    const events: UpEvent[] = [];
    await fetchImages(
      [image],
      fetching((event) => events.push(event)),
    );
    expect(events.at(0)).toMatchObject({ program: image, phase: 'looking' });
    const loaded = events.filter((event) => event.phase === 'downloading' || event.phase === 'unpacking');
    const bytes = loaded.map((event) => (event.kind === 'program' ? (event.total ?? 0) : 0));
    expect(Math.max(...bytes)).toBeGreaterThanOrEqual(newLayerSize);
    expect(events.at(-1)).toMatchObject({ program: image, phase: 'ready' });
    expect(await missingImages(dockerCli, [image])).toEqual([]);
  });

  test('travel in a bundle, and come out of it as they were', async () => {
    const file = join(folder, 'course.tar.gz');
    const { bytes } = await saveBundle([image], file, { cli: dockerCli });
    expect(bytes).toBeGreaterThan(1_000_000);
    await execa('docker', ['image', 'rm', image]);
    expect(await missingImages(dockerCli, [image])).toEqual([image]);
    const read: number[] = [];
    const onBytes = (now: number, total = 0) => read.push(now / total);
    expect(await loadBundle(file, { cli: dockerCli, onBytes })).toEqual([image]);
    expect(read.at(-1)).toBe(1);
    expect(await missingImages(dockerCli, [image])).toEqual([]);
  });

  test('that no registry has are named', async () => {
    const unknown = `${registry.address}/course/nothing:test`;
    const failure = await fetchImages([unknown], fetching()).catch((cause: Error) => cause);
    expect(failure).toMatchObject({ code: 'image-missing' });
  });

  test('of a registry that does not answer: the course says so, and what else can be done', async () => {
    const nobody = '127.0.0.1:9/course/cache:test';
    const failure = await fetchImages([nobody], fetching()).catch((cause: Error) => cause);
    expect(failure).toMatchObject({
      code: 'registry-unreachable',
      remedy: expect.stringContaining('--runtime local'),
    });
  });
});
