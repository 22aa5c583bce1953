import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../../home.js';
import { packageRoot } from '../../package.js';
import { Problem } from '../../problem.js';
import type { Stack } from '../compose/service.js';
import type { StackOptions } from '../compose/stack.js';

/** The learner's own copy of a stage's compose file, in their workspace: where they have one, it is what that stage runs. */
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

/** How a learner gets out of a file that cannot be run. */
const wayBack = `restore the original (yours is kept beside it): mongo-scale-course reset ${ownCompose.file}`;

/**
 * What a stage runs: the learner's own compose file where they have one. Throws what `readStack` does; of their own
 * file with the way back.
 */
export async function readOwnStack(home: Home, stage: string, options: StackOptions): Promise<Stack> {
  const { readStack, readStackFile } = await import('../compose/stack.js');
  const own = ownComposePath(home);
  if (stage !== ownCompose.stage || !existsSync(own)) return readStack(stage, options);
  // First, so that an offset that suits no file is not taken for a fault of theirs.
  const { toCome } = readStack(stage, options);
  try {
    const stack = readStackFile(own, { ...options, stage, folder: ownComposeFolder });
    // Lessons say these addresses whatever is left of the learner's copy.
    return toCome ? { ...stack, toCome } : stack;
  } catch (cause) {
    if (!(cause instanceof Problem) || !ofTheFile.includes(cause.code)) throw cause;
    const message = cause.code === 'compose-invalid' ? cause.message : `${own}: ${cause.message}`;
    throw new Problem('compose-invalid', message, { remedy: `Correct the file, or ${wayBack}`, cause });
  }
}

/** Ports of the file that the lab's offset moves too high are the file's fault: the data is bound to the offset. */
const ofTheFile: readonly string[] = ['compose-invalid', 'port-offset-invalid'];

/** Whether a compose file was refused for what is written in it. */
export function isBrokenFile(cause: unknown): cause is Problem {
  return cause instanceof Problem && cause.code === 'compose-invalid';
}
