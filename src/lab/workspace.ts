import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Home } from '../home.js';
import { fileProblem } from '../machine/file-problem.js';
import { packageRoot } from '../package.js';
import { fill } from './fill.js';
import type { Places } from './places.js';
import type { Stack } from './service.js';

/** Where the learner's files come from. */
const startingFiles = join(packageRoot, 'assets', 'workspace');

/**
 * Makes the folders of the workspace that a stack's services read, with the files a learner starts from. A file that is
 * there is his: it is left as it is. Throws `disk-full` or `home-not-writable`.
 */
export function prepareWorkspace(home: Home, stack: Stack, places: Places): void {
  for (const folder of workspaceFolders(home, stack)) {
    makeFolder(join(home.workspace, folder));
    for (const file of filesIn(join(startingFiles, folder))) {
      const path = join(home.workspace, folder, file);
      if (!existsSync(path)) write(path, startingText(join(folder, file), places));
    }
  }
}

/** What a file of the workspace begins as on this lab: addresses are filled in. @param file `gateway/dynamic.yaml` */
export function startingText(file: string, places: Places): string {
  return fill(readFileSync(join(startingFiles, file), 'utf8'), places);
}

/** The folders below the workspace that services have mounted: `gateway`, `shop`. */
function workspaceFolders(home: Home, { services }: Stack): readonly string[] {
  const mounted = services.flatMap(({ mounts }) =>
    mounts.flatMap((mount) => (mount.kind === 'bind' ? [relative(home.workspace, mount.source)] : [])),
  );
  return [...new Set(mounted)].filter((folder) => !folder.startsWith('..'));
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw fileProblem(cause, path);
  }
}

function write(path: string, text: string): void {
  makeFolder(dirname(path));
  try {
    writeFileAtomic.sync(path, text);
  } catch (cause) {
    throw fileProblem(cause, path);
  }
}
