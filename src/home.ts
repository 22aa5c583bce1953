import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { ensureFolder } from './machine/ensure-folder.js';
import { notWritable } from './machine/file-problem.js';

const platform = envPaths('mongo-scale-course', { suffix: '' });

/**
 * The folder that holds all that belongs to one learner: progress, the lab's data and logs.
 * `down --purge` removes `lab`; nothing but `progress` is left then.
 */
export interface Home {
  readonly root: string;
  /** Which lessons are passed, and what was answered. Survives `down --purge`. */
  readonly progress: string;
  /** Who works in this home now: the second workbench reads it and says so. */
  readonly lock: string;
  /** Checkpoints of the lab, and the files that they share. `down --purge` removes it, `--keep-checkpoints` does not. */
  readonly checkpoints: string;
  /** Files that the learner writes for the lab's servers to read. Survives `down --purge`. */
  readonly workspace: string;
  /** Everything that `down --purge` removes. */
  readonly lab: string;
  /** Which stage is up, on which runtime and port offset. */
  readonly labState: string;
  /** One folder a service: `data/shard1a`. */
  readonly data: string;
  /** One file a service: `logs/shard1a.log`. */
  readonly logs: string;
  /** What the course itself had to say while the screen was the workbench's. */
  readonly courseLog: string;
}

/** `--home`, else `MSC_HOME`, else the platform's data folder. Makes no folder. */
export function resolveHome(option?: string | undefined, env: NodeJS.ProcessEnv = process.env): Home {
  const root = resolve(option || env.MSC_HOME || platform.data);
  const lab = join(root, 'lab');
  return {
    root,
    progress: join(root, 'progress.json'),
    lock: join(root, 'workbench.lock'),
    checkpoints: join(root, 'checkpoints'),
    workspace: join(root, 'workspace'),
    lab,
    labState: join(lab, 'lab.json'),
    data: join(lab, 'data'),
    logs: join(lab, 'logs'),
    courseLog: join(lab, 'course.log'),
  };
}

/**
 * Programs and downloads, shared by all homes of this user, so that a new home need not fetch them again:
 * `MSC_CACHE`, else the platform's cache folder.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env.MSC_CACHE || platform.cache);
}

/** Makes the home folder. Throws `home-not-writable` or `disk-full` with what to do. */
export function prepareHome(home: Home): void {
  // On a shared machine other users have no business in a learner's home.
  ensureFolder(home.root, 0o700);
  try {
    accessSync(home.root, constants.W_OK);
  } catch (cause) {
    throw notWritable(home.root, cause);
  }
}
