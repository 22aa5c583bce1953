import { usageProblem } from '../../problem.js';

const form = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

/** Whether a checkpoint may have this name, which is also the name of a file. */
export function isCheckpointName(name: string): boolean {
  return form.test(name);
}

/** Throws `wrong-checkpoint-name`. */
export function demandCheckpointName(name: string): void {
  if (isCheckpointName(name)) return;
  throw usageProblem(
    'wrong-checkpoint-name',
    `A checkpoint cannot be named "${name}".`,
    'A name begins with a letter or a digit and has up to 64 letters, digits, dots, underscores and hyphens.',
  );
}
