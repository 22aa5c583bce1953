import { createHash, type Hash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fstatSync,
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

/**
 * WiredTiger makes a journal file at its full size and writes it from its beginning, so that so many zeros (bytes) are
 * its end (WiredTiger: "Log file format"; its buffers hold 256 KiB). Twelve servers have 800 MB of them.
 */
const journal = /(^|\/)journal\/WiredTigerLog\.\d+$/;
const journalEnd = 2 * 1024 * 1024;

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
    const { sha256, size } = copySparse(file, draft, file);
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

/**
 * The SHA-256 of a file's content: of its length, and of each block that is not all zeros with its place. To hash the
 * holes of twelve journals as well would take longer than to copy all the rest.
 * @param name of the file that it is a copy of: a journal ends where only zeros follow
 */
export function hashFile(file: string, name = ''): string {
  const { size, hash } = readBlocks(file, name, () => {});
  return digest(hash, size);
}

/** Puts an object's content into a new file. Throws what the file system throws. */
export function fetchObject(
  objects: string,
  { sha256, mode, owner }: { sha256: string; mode: number; owner?: Owner | undefined },
  file: string,
): void {
  copySparse(objectPath(objects, sha256), file, file);
  chmodSync(file, mode);
  if (owner) chownSync(file, owner.uid, owner.gid);
}

/** The same of a text that is in no file yet. */
export function hashText(text: string): string {
  const bytes = Buffer.from(text);
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += blockSize) {
    const block = bytes.subarray(at, at + blockSize);
    if (!isZeros(block)) hash.update(`${at} `).update(block);
  }
  return digest(hash, bytes.length);
}

function isZeros(block: Buffer): boolean {
  return block.equals(block.length === blockSize ? zeros : zeros.subarray(0, block.length));
}

function copySparse(from: string, to: string, name: string): { sha256: string; size: number } {
  const target = openSync(to, 'w', 0o600);
  try {
    const { size, hash } = readBlocks(from, name, (block, at) =>
      writeSync(target, block, 0, block.length, at),
    );
    ftruncateSync(target, size);
    return { sha256: digest(hash, size), size };
  } finally {
    closeSync(target);
  }
}

function digest(hash: Hash, size: number): string {
  return hash.update(`${size}`).digest('hex');
}

/** Reads a file and gives each block that is not all zeros; hashes these with their places. */
function readBlocks(
  file: string,
  name: string,
  use: (block: Buffer, at: number) => unknown,
): { readonly size: number; readonly hash: Hash } {
  const hash = createHash('sha256');
  const source = openSync(file, 'r');
  const buffer = Buffer.allocUnsafe(blockSize);
  const { size } = fstatSync(source);
  const mostZeros = journal.test(name) ? journalEnd : Number.POSITIVE_INFINITY;
  let zerosRead = 0;
  try {
    for (let at = 0; zerosRead < mostZeros; ) {
      const length = readSync(source, buffer, 0, blockSize, at);
      if (length === 0) return { size: at, hash };
      const block = buffer.subarray(0, length);
      if (isZeros(block)) zerosRead += length;
      else {
        zerosRead = 0;
        hash.update(`${at} `).update(block);
        use(block, at);
      }
      at += length;
    }
    return { size, hash };
  } finally {
    closeSync(source);
  }
}
