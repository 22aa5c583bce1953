import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../home.js';
import { packageRoot } from '../package.js';

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
