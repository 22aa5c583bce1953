import { statSync } from 'node:fs';

/**
 * Tells one content of a file from the next, '' where there is no file: what the course writes it writes to a new
 * file each time, so inode, time and size say whether it is still the one that was read. Undefined where the system
 * does not tell: then only reading it can say why.
 */
export function fileVersion(path: string): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat ? `${stat.ino}/${stat.mtimeMs}/${stat.size}` : '';
  } catch {
    return undefined;
  }
}
