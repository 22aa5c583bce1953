import { join } from 'node:path';
import type { Home } from '../home.js';

/** The learner's own copy of a stage's compose file, in his workspace: where he has one, it is what that stage runs. */
export const ownCompose = { file: 'compose.yaml', stage: 'sharding' } as const;

export function ownComposePath(home: Home): string {
  return join(home.workspace, ownCompose.file);
}
