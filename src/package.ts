import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
/** True when this runs from `dist/` (as shipped), false when a test runs the sources. */
const compiled = here.endsWith(join('dist', 'src'));

/** The folder of package.json: texts, compose files and assets are read from here. */
export const packageRoot = compiled ? join(here, '..', '..') : join(here, '..');

/** The module of all lessons, as shipped; undefined under test, where each is its own source. */
export const lessonsBundle = compiled
  ? pathToFileURL(join(packageRoot, 'dist', 'course', 'lessons.mjs')).href
  : undefined;

/** The module of the workbench's interface: as shipped one file with Ink in it, under test the sources. */
export const interfaceModule = pathToFileURL(
  compiled
    ? join(packageRoot, 'dist', 'interface', 'run.mjs')
    : join(packageRoot, 'src', 'workbench', 'run.ts'),
).href;

/** The process that copies data folders for checkpoints, in one file: containers mount it. */
export const checkpointAgent = join(packageRoot, 'dist', 'checkpoint', 'agent.mjs');

/** The version in package.json. */
export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
