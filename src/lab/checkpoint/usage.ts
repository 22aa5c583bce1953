import { existsSync, type Stats, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
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
export async function checkpointUsage(home: Home): Promise<CheckpointUsage> {
  const budget = diskBudget();
  return { ...(await measureCheckpoints(home)), budget };
}

/** Measures the folder of checkpoints by its file sizes. It reads no manifest, because `status` asks for it. */
export async function measureCheckpoints(home: Home): Promise<Omit<CheckpointUsage, 'budget'>> {
  if (!existsSync(home.checkpoints)) return { count: 0, bytes: 0 };
  const entries = await readdir(home.checkpoints, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = files.map(({ parentPath, name }) => onDisk(join(parentPath, name)));
  const manifests = files.filter(
    ({ parentPath, name }) => parentPath === home.checkpoints && name.endsWith('.json'),
  );
  return { count: manifests.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Zero for a file that another process has just removed. */
function onDisk(path: string): number {
  const found: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  return (found?.blocks ?? 0) * 512;
}

const mebibyte = 1024 * 1024;

/** `123 MiB` */
export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / mebibyte)} MiB`;
}

/** `3 checkpoints, 123 MiB of 1024 MiB on the disk` */
export function usageSentence({ count, bytes, budget }: CheckpointUsage): string {
  const noun = count === 1 ? 'checkpoint' : 'checkpoints';
  return `${count} ${noun}, ${mebibytes(bytes)} of ${mebibytes(budget)} on the disk`;
}
