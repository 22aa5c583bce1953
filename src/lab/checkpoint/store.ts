import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Home } from '../../home.js';
import { ensureFolder } from '../../machine/ensure-folder.js';
import { fileProblem } from '../../machine/file-problem.js';
import { Problem, usageProblem } from '../../problem.js';
import { withCheckpointLock } from './checkpoint-lock.js';
import {
  type Content,
  type Manifest,
  NewerFormat,
  objectsOf,
  parseContent,
  parseManifest,
  writeManifest,
} from './manifest.js';
import { hashFile, objectPath } from './objects.js';

export { diskBudget } from './budget.js';

/** A checkpoint whose manifest cannot be used, and why. */
export interface DamagedCheckpoint {
  readonly name: string;
  readonly reason: string;
  /** A newer version of the course has written it. */
  readonly isNewer: boolean;
}

export interface Shelf {
  /** Oldest first. */
  readonly manifests: readonly Manifest[];
  readonly damaged: readonly DamagedCheckpoint[];
}

const extension = '.json';

/** The folder of the objects that all checkpoints of a home share. */
export function objectsFolder(home: Home): string {
  return join(home.checkpoints, 'objects');
}

function manifestPath(home: Home, name: string): string {
  return join(home.checkpoints, `${name}${extension}`);
}

/** Every checkpoint of a home. A manifest that cannot be read is named and passed over. */
export function readShelf(home: Home): Shelf {
  if (!existsSync(home.checkpoints)) return { manifests: [], damaged: [] };
  const manifests: Manifest[] = [];
  const damaged: DamagedCheckpoint[] = [];
  for (const file of readdirSync(home.checkpoints)) {
    if (!file.endsWith(extension)) continue;
    const name = file.slice(0, -extension.length);
    try {
      manifests.push(parseManifest(readFileSync(join(home.checkpoints, file), 'utf8')));
    } catch (cause) {
      damaged.push({ name, reason: reasonOf(cause), isNewer: cause instanceof NewerFormat });
    }
  }
  manifests.sort((a, b) => a.takenAt.localeCompare(b.takenAt));
  return { manifests, damaged };
}

function reasonOf(cause: unknown): string {
  const { name, message } = cause as Error;
  return name === 'ZodError' || name === 'SyntaxError' ? 'its file is not what the course writes' : message;
}

/** The checkpoint of this name. Throws `unknown-checkpoint`, `checkpoint-damaged`. */
export function findCheckpoint(home: Home, name: string): Manifest {
  const { manifests, damaged } = readShelf(home);
  const broken = damaged.find((one) => one.name === name);
  if (broken) throw damagedProblem(name, broken.reason);
  const found = manifests.find((manifest) => manifest.name === name);
  if (found) return found;
  throw unknownCheckpoint(
    name,
    manifests.map((manifest) => manifest.name),
  );
}

/** That there is no checkpoint of this name, and which there are. */
export function unknownCheckpoint(name: string, names: readonly string[]): Problem {
  return usageProblem(
    'unknown-checkpoint',
    `There is no checkpoint "${name}".`,
    names.length === 0
      ? 'Take one: mongo-scale-course checkpoint save NAME'
      : `There are: ${names.join(', ')}.`,
  );
}

export function damagedProblem(name: string, reason: string): Problem {
  return new Problem('checkpoint-damaged', `The checkpoint ${name} is damaged: ${reason}.`, {
    remedy: `Remove it: mongo-scale-course checkpoint rm ${name}. mongo-scale-course goto LESSON brings you there without it.`,
  });
}

/** Adds a checkpoint whose objects are stored already; one of the same name is replaced. */
export function addManifest(home: Home, manifest: Manifest): void {
  const path = manifestPath(home, manifest.name);
  try {
    ensureFolder(home.checkpoints);
    writeFileAtomic.sync(path, writeManifest(manifest), { mode: 0o600 });
  } catch (cause) {
    throw fileProblem(cause, path);
  }
}

/** Removes checkpoints, and the objects that no other needs. Needs the lock. */
export async function removeCheckpoints(home: Home, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(manifestPath(home, name), { force: true });
  await sweepObjects(home);
}

/** Removes a checkpoint that cannot be used, unless another process is at work on them: then it stays for the next. */
export async function dropCheckpoint(home: Home, name: string): Promise<void> {
  try {
    await withCheckpointLock(home, { purpose: `removing ${name}`, patience: 0 }, () =>
      removeCheckpoints(home, [name]),
    );
  } catch (cause) {
    if (!(cause instanceof Problem) || cause.code !== 'checkpoint-busy') throw cause;
  }
}

/**
 * Removes objects that no checkpoint names, and drafts of copies that were broken off. Needs the lock. A checkpoint whose
 * content cannot be read keeps nothing, since it cannot be restored.
 */
export async function sweepObjects(home: Home): Promise<void> {
  const objects = objectsFolder(home);
  const { manifests, damaged } = readShelf(home);
  // What a newer version of the course has taken names objects in a way that this one does not know.
  if (!existsSync(objects) || damaged.some(({ isNewer }) => isNewer)) return;
  const used = new Set<string>();
  for (const manifest of manifests) {
    used.add(manifest.content);
    const content = contentIfSound(home, manifest);
    for (const sha256 of content ? objectsOf(content) : []) used.add(sha256);
  }
  for (const folder of await readdir(objects, { withFileTypes: true })) {
    if (!folder.isDirectory()) {
      await rm(join(objects, folder.name), { force: true });
      continue;
    }
    for (const rest of await readdir(join(objects, folder.name))) {
      const sha256 = folder.name + rest;
      if (!used.has(sha256)) await rm(objectPath(objects, sha256), { force: true });
    }
  }
}

/** What a checkpoint brings back. Throws `checkpoint-damaged`. */
export function readContent(home: Home, { name, content }: Pick<Manifest, 'name' | 'content'>): Content {
  const path = objectPath(objectsFolder(home), content);
  try {
    if (hashFile(path) !== content) throw new Error('its list of files was changed');
    return parseContent(readFileSync(path, 'utf8'));
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw damagedProblem(name, isMissing ? 'its list of files is missing' : reasonOf(cause));
  }
}

/** The same, undefined where it is damaged. */
export function contentIfSound(home: Home, manifest: Manifest): Content | undefined {
  try {
    return readContent(home, manifest);
  } catch (cause) {
    if (cause instanceof Problem) return undefined;
    throw cause;
  }
}

/** Bytes on the disk that all checkpoints of a home take: equal files count once, holes not at all. */
export function usedBytes(home: Home): number {
  const objects = objectsFolder(home);
  if (!existsSync(objects)) return 0;
  const files = readdirSync(objects, { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.reduce((sum, entry) => sum + onDisk(join(entry.parentPath, entry.name)), 0);
}

function onDisk(path: string): number {
  return (statSync(path, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
}

/** Removes checkpoints that the course took by itself, oldest first, until the others fit the budget. Needs the lock. */
export async function keepWithinBudget(home: Home, budget: number, spare: string): Promise<void> {
  for (const { name, kind } of readShelf(home).manifests) {
    if (usedBytes(home) <= budget) return;
    if (kind === 'auto' && name !== spare) await removeCheckpoints(home, [name]);
  }
}
