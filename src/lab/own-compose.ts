import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../home.js';
import { packageRoot } from '../package.js';
import { Problem } from '../problem.js';
import type { Stack } from './service.js';
import type { StackOptions } from './stack.js';

/** The learner's own copy of a stage's compose file, in his workspace: where he has one, it is what that stage runs. */
export const ownCompose = { file: 'compose.yaml', stage: 'sharding' } as const;

/** Where the file that it begins as lies; its relative paths are that one's. */
export const ownComposeFolder = join(packageRoot, 'compose');

export function ownComposePath(home: Home): string {
  return join(home.workspace, ownCompose.file);
}

/** The text that it begins as. */
export function startingCompose(): string {
  return readFileSync(join(ownComposeFolder, `${ownCompose.stage}.yaml`), 'utf8');
}

/** How a learner gets out of a file that he has led astray. */
export const wayBack = `bring it back as the course gives it (yours is kept beside it): mongo-scale-course reset ${ownCompose.file}`;

/**
 * What a stage runs: the learner's own compose file where he has one. Throws what `readStack` does; of his own file
 * with the way back.
 */
export async function readOwnStack(home: Home, stage: string, options: StackOptions): Promise<Stack> {
  const { readStack, readStackFile } = await import('./stack.js');
  const own = ownComposePath(home);
  if (stage !== ownCompose.stage || !existsSync(own)) return readStack(stage, options);
  try {
    return readStackFile(own, { ...options, stage, folder: ownComposeFolder });
  } catch (cause) {
    if (!isBrokenFile(cause)) throw cause;
    const remedy = `Correct ${own}, or ${wayBack}`;
    throw new Problem(cause.code, cause.message, { remedy, cause });
  }
}

/** Whether a compose file was refused for what is written in it. */
export function isBrokenFile(cause: unknown): cause is Problem {
  return cause instanceof Problem && cause.code === 'compose-invalid';
}
