import { existsSync, statSync } from 'node:fs';

/**
 * True where `made` is there and newer than every file it is made of.
 * @param {string} made
 * @param {string[]} sources
 */
export function isNewer(made, sources) {
  const changedAt = (file) => statSync(file).mtimeMs;
  return existsSync(made) && sources.every((file) => changedAt(file) < changedAt(made));
}
