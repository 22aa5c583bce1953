import { relative } from 'node:path';
import { execa } from 'execa';
import type { Catalog } from '../../src/course/catalog.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { packageRoot } from '../../src/package.js';
import { usageProblem } from '../../src/problem.js';
import { affectedBy, type LessonFiles } from './affected.js';
import type { Changes } from './choose.js';
import { modulesOf } from './imports.js';

/** Where every proof runs through, besides the modules of its lesson. */
const machinery = ['grading/grader', 'replay/goto', 'replay/solve', 'replay/run-step'].map(
  (name) => `src/${name}.ts`,
);

/** The hash of the commit that is checked out. */
export async function headCommit(): Promise<string> {
  return (await git('rev-parse', 'HEAD'))[0] as string;
}

/**
 * What has changed since `since`, committed or not, and which lessons that can affect. Without it: what is not
 * committed, or else the last commit.
 */
export async function readChanges(catalog: Catalog<Lesson>, since?: string): Promise<Changes> {
  const uncommitted = await changedSince('HEAD');
  const from = since ?? (uncommitted.length > 0 ? 'HEAD' : 'HEAD~1');
  const changed = from === 'HEAD' ? uncommitted : await changedSince(from);
  const lessons = await Promise.all(
    catalog.lessons.map(async ({ id, stage, folder, plan }): Promise<LessonFiles> => {
      const path = relative(packageRoot, folder);
      return { id, stage, folder: path, file: plan.file, modules: await modulesOf(`${path}/lesson.ts`) };
    }),
  );
  const everywhere = (await Promise.all(machinery.map(modulesOf))).flatMap((modules) => [...modules]);
  return { since: `since ${from}`, affected: affectedBy(changed, lessons, new Set(everywhere)) };
}

async function changedSince(ref: string): Promise<readonly string[]> {
  const tracked = await git('diff', '--name-only', ref, '--');
  const untracked = await git('ls-files', '--others', '--exclude-standard');
  return [...tracked, ...untracked];
}

async function git(...args: string[]): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await execa('git', args, {
    cwd: packageRoot,
    lines: true,
    reject: false,
  });
  if (exitCode === 0) return stdout.filter((line) => line !== '');
  throw usageProblem(
    'wrong-use',
    `git ${args.join(' ')} failed: ${stderr.join(' ')}`,
    'Give a commit that this clone has: npm run prove -- --since REF',
  );
}
