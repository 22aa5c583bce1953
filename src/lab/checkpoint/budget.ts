import { usageProblem } from '../../problem.js';

/** Bytes that checkpoints may take on the disk: `MSC_CHECKPOINTS` in MiB, 1024 by default; 0 takes none by itself. */
export function diskBudget(env: NodeJS.ProcessEnv = process.env): number {
  const mebibytes = env.MSC_CHECKPOINTS ? Number(env.MSC_CHECKPOINTS) : 1024;
  if (Number.isFinite(mebibytes) && mebibytes >= 0) return mebibytes * 1024 * 1024;
  throw usageProblem(
    'wrong-use',
    `MSC_CHECKPOINTS is "${env.MSC_CHECKPOINTS}", and it is a number of MiB.`,
    'Default: MSC_CHECKPOINTS=1024. With 0 the course takes no checkpoints by itself.',
  );
}
