import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../../home.js';
import { diskBudget } from './budget.js';

/** What the checkpoints of a home use. */
export interface CheckpointUsage {
  readonly count: number;
  /** Bytes on the disk. */
  readonly bytes: number;
  /** Bytes that they may use before the oldest automatic ones are removed. */
  readonly budget: number;
}

/** The usage with its budget. Throws `wrong-use` where `MSC_CHECKPOINTS` is not a number. */
export function checkpointUsage(home: Home): CheckpointUsage {
  const budget = diskBudget();
  return { ...measureCheckpoints(home), budget };
}

/** Measures the folder of checkpoints by its file sizes. It reads no manifest, because `status` asks for it. */
export function measureCheckpoints(home: Home): Omit<CheckpointUsage, 'budget'> {
  if (!existsSync(home.checkpoints)) return { count: 0, bytes: 0 };
  const entries = readdirSync(home.checkpoints, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = files.map(({ parentPath, name }) => onDisk(join(parentPath, name)));
  const manifests = files.filter(
    ({ parentPath, name }) => parentPath === home.checkpoints && name.endsWith('.json'),
  );
  return { count: manifests.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Zero for a file that another process has just removed. */
function onDisk(path: string): number {
  return (statSync(path, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
}

const mebibyte = 1024 * 1024;

/** `123 MiB`, `0.6 MiB` */
export function mebibytes(bytes: number): string {
  const amount = bytes / mebibyte;
  return `${amount > 0 && amount < 10 ? amount.toFixed(1) : Math.round(amount)} MiB`;
}

/** `3 checkpoints, 123 MiB of 1024 MiB on the disk` */
export function usageSentence({ count, bytes, budget }: CheckpointUsage): string {
  const noun = count === 1 ? 'checkpoint' : 'checkpoints';
  return `${count} ${noun}, ${mebibytes(bytes)} of ${mebibytes(budget)} on the disk`;
}
