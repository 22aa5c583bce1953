import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { dropped } from '../../machine/debug-log.js';
import { fetchObject, hashFile, hasObject, type Owner, objectPath, storeFile } from './objects.js';

/** One folder or file of a tree, as a checkpoint keeps it. Paths are relative, with `/`. */
export interface TreeFolder {
  readonly kind: 'folder';
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface TreeFile {
  readonly kind: 'file';
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes, holes included. */
  readonly size: number;
  readonly sha256: string;
  /** Tells this very state of the file from a later one without reading it: inode, size, times. */
  readonly stamp: string;
}

export type TreeEntry = TreeFolder | TreeFile;
export type Tree = readonly TreeEntry[];

/** Names that are left out: FTDC's statistics. A mongod writes them every second and makes new ones when it starts. */
const passedOver = new Set(['diagnostic.data']);

/** A file changed this recently may change again without another time stamp, which counts in 4 ms on Linux. */
const racyWithin = 50;

/** What a capture already knows of the files: their content by path, good while the stamp is the same. */
export type Known = ReadonlyMap<string, Pick<TreeFile, 'stamp' | 'sha256' | 'size'>>;

/**
 * Reads a tree into the store of objects. Files whose stamp is known are not read again. A file that disappears
 * between the list and its turn is left out, as if it had gone before.
 * @param onStored told of each object that was not there before
 * @param owner who the objects are to belong to, where this process is root in a container
 */
export function captureTree(
  root: string,
  objects: string,
  known: Known,
  { onStored, owner }: { onStored?: (sha256: string) => void; owner?: Owner | undefined } = {},
): Tree {
  const entries: TreeEntry[] = [];
  const visit = (path: string): void => {
    const file = join(root, path);
    const found = lstatSync(file, { throwIfNoEntry: false, bigint: true });
    if (!found) return;
    const { uid, gid } = { uid: Number(found.uid), gid: Number(found.gid) };
    const mode = Number(found.mode) & 0o7777;
    if (found.isDirectory()) {
      if (path !== '') entries.push({ kind: 'folder', path, mode, uid, gid });
      for (const name of readdirSync(file).sort())
        if (!passedOver.has(name)) visit(path === '' ? name : `${path}/${name}`);
    } else if (found.isFile()) {
      const stamp = [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(':');
      const isRacy = Date.now() - Number(found.mtimeMs) < racyWithin;
      const content = contentOf(path, stamp);
      if (content)
        entries.push({ kind: 'file', path, mode, uid, gid, stamp: isRacy ? '' : stamp, ...content });
    }
  };
  const contentOf = (path: string, stamp: string): { sha256: string; size: number } | undefined => {
    const same = known.get(path);
    if (same?.stamp === stamp && hasObject(objects, same.sha256, same.size))
      return { sha256: same.sha256, size: same.size };
    try {
      const { isNew, ...content } = storeFile(join(root, path), objects, owner);
      if (isNew) onStored?.(content.sha256);
      return content;
    } catch (cause) {
      if (
        (cause as NodeJS.ErrnoException).code === 'ENOENT' &&
        !lstatSync(join(root, path), { throwIfNoEntry: false })
      )
        return undefined;
      throw cause;
    }
  };
  visit('');
  return entries;
}

/** What a later capture need not read again. */
export function knownOf(tree: Tree): Known {
  return new Map(tree.flatMap((entry) => (entry.kind === 'file' ? [[entry.path, entry] as const] : [])));
}

/**
 * The first file of the tree whose object is missing, cannot be read or is not what was kept; undefined where all are
 * sound. Lets others work in between, since it reads everything.
 */
export async function findDamage(
  tree: Tree,
  objects: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const sound = new Set<string>();
  for (const entry of tree) {
    if (entry.kind === 'folder' || sound.has(entry.sha256)) continue;
    if (!isSound(entry, objects)) return entry.path;
    sound.add(entry.sha256);
    await setImmediate();
    signal?.throwIfAborted();
  }
  return undefined;
}

function isSound({ sha256, size, path }: TreeFile, objects: string): boolean {
  if (!hasObject(objects, sha256, size)) return false;
  try {
    return hashFile(objectPath(objects, sha256), path) === sha256;
  } catch (error) {
    dropped(error);
    return false;
  }
}

/**
 * Makes the folder hold exactly this tree. Folders right below it stay where they are, since in a container they are
 * mounts. Throws what the file system throws.
 * @param owned whether files get the owner they had; only root can
 */
export function writeTree(tree: Tree, objects: string, root: string, owned: boolean): void {
  mkdirSync(root, { recursive: true });
  for (const top of readdirSync(root)) emptyFolder(join(root, top));
  for (const entry of tree) {
    const path = join(root, entry.path);
    const owner = owned ? { uid: entry.uid, gid: entry.gid } : undefined;
    if (entry.kind === 'file') fetchObject(objects, { ...entry, owner }, path);
    else {
      mkdirSync(path, { recursive: true });
      chmodSync(path, entry.mode);
      if (owner) chownSync(path, owner.uid, owner.gid);
    }
  }
}

function emptyFolder(path: string): void {
  if (!lstatSync(path).isDirectory()) rmSync(path, { force: true });
  else for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true, force: true });
}
