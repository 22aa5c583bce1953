import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Stack } from '../compose/service.js';
import type { UpEvent } from '../runtime.js';
import type { DockerCli } from './cli.js';
import { demandDocker } from './detect.js';
import { dockerProblem } from './problems.js';
import { followPull, progressForm, readProgress } from './progress.js';

/** The images that these stacks run, each once, in the order they are met. */
export function imagesOf(stacks: readonly Stack[]): readonly string[] {
  return [...new Set(stacks.flatMap(({ services }) => services.map(({ image }) => image)))];
}

/** Which of these images the engine has not. */
export async function missingImages(cli: DockerCli, images: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    images.map(async (image) => {
      const result = await cli.call(['image', 'inspect', '--format', '{{.Id}}', image]);
      if (result.code !== 0 && !/no such image/i.test(result.stderr)) {
        throw dockerProblem(result, `looking for the image ${image}`);
      }
      return result.code === 0;
    }),
  );
  return images.filter((_, index) => !found[index]);
}

interface Pulling {
  readonly cli: DockerCli;
  /** Of the Compose plugin: what form its progress has. */
  readonly composeVersion: string;
  readonly onProgress: (event: UpEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Pulls those of the images that the engine has not, one after the other, with progress in bytes: `docker pull`
 * itself tells bytes only to a terminal, Compose tells them to anybody. Layers that had arrived when it was broken
 * off are kept by the engine for the next time.
 * Throws `registry-unreachable`, `image-missing`, `pull-limit`, `disk-full` and their like.
 */
export async function fetchImages(images: readonly string[], pulling: Pulling): Promise<void> {
  const missing = await missingImages(pulling.cli, images);
  for (const image of images) {
    if (missing.includes(image)) await pullImage(image, pulling);
    pulling.onProgress({ kind: 'program', program: image, phase: 'ready' });
  }
}

/** As `fetchImages`, for who has not asked yet whether an engine answers. Returns the images. */
export async function fetchAhead(
  cli: DockerCli,
  images: readonly string[],
  onProgress: (event: UpEvent) => void,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const docker = await demandDocker(cli);
  await fetchImages(images, { cli, composeVersion: docker.compose, onProgress, signal });
  return images;
}

async function pullImage(image: string, { cli, composeVersion, onProgress, signal }: Pulling): Promise<void> {
  onProgress({ kind: 'program', program: image, phase: 'looking', detail: 'asking the registry' });
  const follow = followPull(image);
  const folder = await mkdtemp(join(tmpdir(), 'msc-pull-'));
  try {
    const file = join(folder, 'compose.yaml');
    await writeFile(file, stringify({ name: 'msc-pull', services: { image: { image } } }));
    const progress = ['--progress', progressForm(composeVersion)];
    const result = await cli.call(['compose', ...progress, '-f', file, 'pull'], {
      signal,
      onLine(line) {
        const read = readProgress(line);
        const event = read && follow(read);
        if (event) onProgress(event);
      },
    });
    if (result.code !== 0) throw dockerProblem(result, `pulling the image ${image}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
