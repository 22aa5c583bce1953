import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Bytes that are read at once; a block of zeros stays a hole in the copy. */
const blockSize = 128 * 1024;
const zeros = Buffer.alloc(blockSize);

/** Who a copied file belongs to, where that differs from the process that copies it. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The path of an object: two levels, so that no folder grows large. */
export function objectPath(objects: string, sha256: string): string {
  return join(objects, sha256.slice(0, 2), sha256.slice(2));
}

/** Whether an object is there with its whole length; its content is verified where it is copied. */
export function hasObject(objects: string, sha256: string, size: number): boolean {
  return statSync(objectPath(objects, sha256), { throwIfNoEntry: false })?.size === size;
}

let drafts = 0;

/**
 * Copies a file into the store of objects, under the SHA-256 of what was copied: equal files are kept once. Holes stay
 * holes, since a mongod's journal is mostly empty. Throws what the file system throws.
 */
export function storeFile(
  file: string,
  objects: string,
  owner?: Owner,
): { sha256: string; size: number; isNew: boolean } {
  drafts += 1;
  mkdirSync(objects, { recursive: true });
  const draft = join(objects, `draft.${process.pid}.${drafts}`);
  try {
    const { sha256, size } = copySparse(file, draft);
    const path = objectPath(objects, sha256);
    mkdirSync(dirname(path), { recursive: true });
    if (owner) for (const made of [draft, dirname(path)]) chownSync(made, owner.uid, owner.gid);
    const isNew = !existsSync(path);
    renameSync(draft, path);
    return { sha256, size, isNew };
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Puts a text into the store of objects. Gives its SHA-256. */
export function storeText(text: string, objects: string): string {
  drafts += 1;
  mkdirSync(objects, { recursive: true });
  const draft = join(objects, `text.${process.pid}.${drafts}`);
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    return storeFile(draft, objects).sha256;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The SHA-256 of a file's content. */
export function hashFile(file: string): string {
  const hash = createHash('sha256');
  readBlocks(file, (block) => hash.update(block));
  return hash.digest('hex');
}

/** Puts an object's content into a new file. Throws what the file system throws. */
export function fetchObject(
  objects: string,
  { sha256, mode, owner }: { sha256: string; mode: number; owner?: Owner | undefined },
  file: string,
): void {
  copySparse(objectPath(objects, sha256), file);
  chmodSync(file, mode);
  if (owner) chownSync(file, owner.uid, owner.gid);
}

function copySparse(from: string, to: string): { sha256: string; size: number } {
  const hash = createHash('sha256');
  const target = openSync(to, 'w', 0o600);
  let size = 0;
  try {
    readBlocks(from, (block) => {
      hash.update(block);
      if (!block.equals(block.length === blockSize ? zeros : zeros.subarray(0, block.length)))
        writeSync(target, block, 0, block.length, size);
      size += block.length;
    });
    ftruncateSync(target, size);
  } finally {
    closeSync(target);
  }
  return { sha256: hash.digest('hex'), size };
}

function readBlocks(file: string, use: (block: Buffer) => void): void {
  const source = openSync(file, 'r');
  const buffer = Buffer.allocUnsafe(blockSize);
  try {
    for (;;) {
      const length = readSync(source, buffer, 0, blockSize, null);
      if (length === 0) return;
      use(buffer.subarray(0, length));
    }
  } finally {
    closeSync(source);
  }
}
