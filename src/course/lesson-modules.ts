import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../package.js';

/**
 * The module of a lesson folder (`sharding/add-shards`), from its source. The build puts a module in place of
 * this one that holds all lessons (build/lesson-modules.mjs).
 */
export function loadLessonModule(folder: string): Promise<{ readonly default?: unknown } | undefined> {
  return import(pathToFileURL(join(packageRoot, 'lessons', folder, 'lesson.ts')).href);
}
