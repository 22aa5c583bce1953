import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem } from '../problem.js';
import { fileProblem, notWritable } from './file-problem.js';

/**
 * Makes a folder, and those above it, where they are missing. Throws `disk-full` or `home-not-writable`, that one also
 * where a file system has no room for folders (`/proc`): Node's own recursive mkdir never ends there, since it takes
 * every ENOENT for a missing parent.
 * @param mode of this folder, where it is made; those above it have the usual one
 */
export function ensureFolder(path: string, mode?: number): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) ensureFolder(parent);
  try {
    mkdirSync(path, mode);
  } catch (cause) {
    // Another process may have been quicker.
    if (isFolder(path)) return;
    const problem = fileProblem(cause, path);
    throw problem instanceof Problem ? problem : notWritable(path, cause);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // A file where a folder should be, or a folder that may not be entered: making it tells which.
    return false;
  }
}
