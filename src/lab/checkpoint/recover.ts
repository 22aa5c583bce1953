import { undoLocks } from '../faults/fsync-locks.js';
import type { Lab } from '../lab.js';
import { forgetHold, wasHoldBrokenOff } from './interrupted.js';

/** Lets the servers write again that a process held back when it was killed. */
export async function endBrokenHold({ home, runtime }: Pick<Lab, 'home' | 'runtime'>): Promise<void> {
  if (!(await wasHoldBrokenOff(home))) return;
  await undoLocks(runtime);
  forgetHold(home);
}
