import { basename } from 'node:path';
import type { CourseLesson, LessonId } from '../../src/course/types.js';

/** A lesson, and where its files lie, from the folder of package.json on. */
export interface LessonFiles extends Pick<CourseLesson, 'id' | 'stage'> {
  /** `lessons/sharding/zones` */
  readonly folder: string;
  /** The file of the workspace that the learner writes in it. */
  readonly file?: string | undefined;
  /** Every module that is part of its plan, itself included. */
  readonly modules: ReadonlySet<string>;
}

export interface Affected {
  /** Lessons that some of these files are about. */
  readonly lessons: readonly LessonId[];
  /** Files that any lesson may depend on. */
  readonly broad: readonly string[];
}

/** What is not part of any proof: front ends and the command line, which have suites of their own, and texts about it. */
const beside = /^(src\/(workbench|commands|main\.ts)|docs\/|build\/|README|LICENSE|\.|biome\.json)/;
/** What every proof runs on. */
const shared = /^(src\/|assets\/|compose\/|test\/(prove|support|e2e\/support)\/|package-lock\.json)/;

/** Which lessons changed files can affect. Paths are as git writes them. */
export function affectedBy(
  changed: readonly string[],
  lessons: readonly LessonFiles[],
  machinery: ReadonlySet<string>,
): Affected {
  const found = new Set<LessonId>();
  const broad: string[] = [];
  for (const path of changed) {
    const own = lessonsOf(path, lessons);
    for (const { id } of own) found.add(id);
    if (isBroad(path, own, machinery)) broad.push(path);
  }
  return { lessons: lessons.filter(({ id }) => found.has(id)).map(({ id }) => id), broad };
}

function lessonsOf(path: string, lessons: readonly LessonFiles[]): readonly LessonFiles[] {
  if (path.startsWith('compose/')) return lessons.filter(({ stage }) => `${stage}.yaml` === basename(path));
  if (path.startsWith('assets/workspace/')) {
    return lessons.filter(({ file }) => file !== undefined && path === `assets/workspace/${file}`);
  }
  return lessons.filter(({ folder, modules }) => path.startsWith(`${folder}/`) || modules.has(path));
}

function isBroad(path: string, own: readonly LessonFiles[], machinery: ReadonlySet<string>): boolean {
  if (beside.test(path) || !shared.test(path) || isOtherTest(path)) return false;
  return machinery.has(path) || own.length === 0;
}

/** A test of the proof itself: it proves no lesson. */
function isOtherTest(path: string): boolean {
  return path.endsWith('.test.ts') && !path.startsWith('test/prove/lane-');
}
