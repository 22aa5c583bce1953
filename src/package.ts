import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of package.json: texts, compose files and assets are read from here. */
export const packageRoot = folderOfPackage(import.meta.dirname);

/** Looks upward, since the build puts this module at another depth than its source is. */
function folderOfPackage(folder: string): string {
  const parent = dirname(folder);
  return parent === folder || existsSync(join(folder, 'package.json')) ? folder : folderOfPackage(parent);
}

/** The process that copies data folders for checkpoints, in one file: containers mount it. */
export const checkpointAgent = join(packageRoot, 'dist', 'checkpoint', 'agent.mjs');

/** The version in package.json. */
export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
