import { join } from 'node:path';
import type { Home } from '../../home.js';
import { ensureFolder } from '../../machine/ensure-folder.js';
import { withLock } from '../../machine/lock.js';
import { Problem } from '../../problem.js';

/** Work on the checkpoints of a home, one process after the other. Throws `checkpoint-busy` after `patience` (ms). */
export function withCheckpointLock<T>(
  home: Home,
  options: { purpose: string; patience: number; signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  ensureFolder(home.checkpoints);
  return withLock(
    join(home.checkpoints, 'lock'),
    options,
    ({ pid, purpose }) =>
      new Problem('checkpoint-busy', `Process ${pid} is at work on the checkpoints: ${purpose}.`, {
        remedy: 'Try again when it is done.',
      }),
    work,
  );
}
