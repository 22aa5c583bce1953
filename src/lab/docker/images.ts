import type { UpEvent } from '../runtime.js';
import type { DockerCli } from './cli.js';
import { dockerProblem } from './problems.js';
import { followPull, progressForm, readProgress } from './progress.js';

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

interface Pull {
  readonly cli: DockerCli;
  readonly composeVersion: string;
  /** `compose -p … -f …`: what comes before the command. */
  readonly compose: readonly string[];
  /** A service that runs the image: Compose pulls services. */
  readonly service: string;
  readonly image: string;
  readonly onProgress: (event: UpEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Pulls one image, with progress in bytes. What was downloaded when it is broken off is kept by the engine for
 * the next time. Throws `registry-unreachable`, `image-missing`, `pull-limit`, `disk-full` and their like.
 */
export async function pullImage(pull: Pull): Promise<void> {
  const { cli, image, onProgress, signal } = pull;
  onProgress({ kind: 'program', program: image, phase: 'looking', detail: 'asking the registry' });
  const follow = followPull(image);
  const form = progressForm(pull.composeVersion);
  const [command, ...rest] = pull.compose;
  const result = await cli.call([command ?? 'compose', '--progress', form, ...rest, 'pull', pull.service], {
    signal,
    onLine(line) {
      const read = readProgress(line);
      const event = read && follow(read);
      if (event) onProgress(event);
    },
  });
  if (result.code !== 0) throw dockerProblem(result, `pulling the image ${image}`);
  onProgress({ kind: 'program', program: image, phase: 'ready' });
}
