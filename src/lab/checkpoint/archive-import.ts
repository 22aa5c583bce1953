import {
  closeSync,
  createReadStream,
  existsSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Home } from '../../home.js';
import { ensureFolder } from '../../machine/ensure-folder.js';
import { fileProblem } from '../../machine/file-problem.js';
import { Problem, usageProblem } from '../../problem.js';
import { manifestEntry, objectsEntry, patience, sizesOf, type Transfer, totalOf } from './archive.js';
import { auditCheckpoint } from './audit.js';
import { withCheckpointLock } from './checkpoint-lock.js';
import { type Content, type Manifest, NewerFormat, parseContent, parseManifest } from './manifest.js';
import { hashFile, hashText, objectPath, storeText } from './objects.js';
import { addManifest, objectsFolder, readShelf, sweepObjects } from './store.js';
import { readTar, type TarFile } from './tar-file.js';

interface ImportOptions extends Transfer {
  /** The name that it gets; default: the name that it has. */
  readonly name?: string | undefined;
  /** Why the course cannot use it, as the end of a sentence; undefined where it can. */
  readonly refuse?: ((checkpoint: Manifest & Content) => string | undefined) | undefined;
}

/** Bytes that a manifest or a list of files may have; those of the largest stage have one thousandth of it. */
const textLimit = 256 * 1024 * 1024;
const zeros = Buffer.alloc(64 * 1024);

/**
 * Adds the checkpoint of a file, under a name that is free. Everything is verified first; nothing is left behind where
 * it is refused. Throws `checkpoint-refused`, `checkpoint-exists`, `file-missing`.
 */
export async function importCheckpoint(
  home: Home,
  file: string,
  options: ImportOptions = {},
): Promise<Manifest> {
  const { signal } = options;
  if (!existsSync(file)) {
    throw usageProblem('file-missing', `There is no file ${file}.`, 'Name the file that was exported.');
  }
  return withCheckpointLock(home, { purpose: `importing ${file}`, patience, signal }, async () => {
    try {
      const manifest = await readArchive(home, file, options);
      addManifest(home, manifest);
      return manifest;
    } catch (cause) {
      await sweepObjects(home);
      if (signal?.aborted) throw signal.reason;
      throw cause instanceof Problem ? cause : refused(file, cause);
    }
  });
}

async function readArchive(home: Home, file: string, options: ImportOptions): Promise<Manifest> {
  const { onBytes, signal } = options;
  const gunzip = createGunzip();
  let manifest: Manifest | undefined;
  await pipeline(
    createReadStream(file),
    gunzip,
    async (source: AsyncIterable<Buffer>) => {
      const files = readTar(source);
      const read = await readManifest(files, home, options);
      manifest = read.manifest;
      const awaited = sizesOf(read.content);
      const total = totalOf(awaited);
      let bytes = 0;
      for await (const { path, size, content } of files) {
        const sha256 = path.startsWith(objectsEntry) ? path.slice(objectsEntry.length) : '';
        const object = awaited.get(sha256);
        if (object?.size !== size)
          throw new Error(`it holds ${path}, which does not belong to the checkpoint`);
        awaited.delete(sha256);
        await storeContent(objectsFolder(home), { sha256, path: object.path }, content);
        bytes += size;
        onBytes?.(bytes, total);
      }
      if (awaited.size > 0) throw new Error(`${awaited.size} files of the checkpoint are missing`);
    },
    { signal },
  );
  if (gunzip.bytesWritten !== (await stat(file)).size)
    throw new Error('something follows the end of its archive');
  return manifest as unknown as Manifest;
}

async function readManifest(
  files: AsyncGenerator<TarFile>,
  home: Home,
  { name, refuse }: ImportOptions,
): Promise<{ manifest: Manifest; content: Content }> {
  const read = parseManifest(await readText(await files.next(), manifestEntry));
  // Automatic checkpoints are removed when there is no room. This one was asked for.
  const manifest: Manifest = { ...read, name: name ?? read.name, kind: 'saved' };
  const text = await readText(await files.next(), objectsEntry + read.content);
  if (hashText(text) !== read.content) throw new Error('its list of files was changed');
  const content = parseContent(text);
  const reason = auditCheckpoint(manifest, content) ?? refuse?.({ ...manifest, ...content });
  if (reason !== undefined) throw new Error(reason);
  const { manifests, damaged } = readShelf(home);
  if ([...manifests, ...damaged].some((one) => one.name === manifest.name)) throw nameTaken(manifest.name);
  storeText(text, objectsFolder(home));
  return { manifest, content };
}

async function readText({ value: file }: IteratorResult<TarFile>, path: string): Promise<string> {
  if (file?.path !== path || file.size > textLimit) throw new Error('it is not an exported checkpoint');
  const chunks: Buffer[] = [];
  for await (const chunk of file.content) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Puts content into the store of objects where it is what its name says. Holes stay holes. */
async function storeContent(
  objects: string,
  { sha256, path: name }: { sha256: string; path: string },
  content: AsyncIterable<Buffer>,
): Promise<void> {
  const draft = join(objects, `draft.${process.pid}.import`);
  const path = objectPath(objects, sha256);
  ensureFolder(dirname(path));
  try {
    const target = openSync(draft, 'w', 0o600);
    try {
      let size = 0;
      for await (const chunk of content) {
        const isHole = chunk.length <= zeros.length && chunk.equals(zeros.subarray(0, chunk.length));
        if (!isHole) writeSync(target, chunk, 0, chunk.length, size);
        size += chunk.length;
      }
      ftruncateSync(target, size);
    } finally {
      closeSync(target);
    }
    if (hashFile(draft, name) !== sha256) throw new Error('a file of the checkpoint was changed');
    renameSync(draft, path);
  } catch (cause) {
    throw fileProblem(cause, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

function nameTaken(name: string): Problem {
  return usageProblem(
    'checkpoint-exists',
    `There is a checkpoint "${name}" already.`,
    `Import it under another name with --name NEW, or remove the other: mongo-scale-course checkpoint rm ${name}`,
  );
}

function refused(file: string, cause: unknown): Problem {
  const remedy =
    cause instanceof NewerFormat
      ? `Import it with that version: npx mongo-scale-course@latest checkpoint import ${file}`
      : 'Export it again where it was taken: mongo-scale-course checkpoint export FILE NAME';
  return new Problem('checkpoint-refused', `${file} is not imported: ${reasonOf(cause)}.`, { remedy, cause });
}

function reasonOf(cause: unknown): string {
  const { code = '', name, message } = cause as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return 'it is cut off';
  if (code.startsWith('Z_')) return 'it was changed, or it is not an exported checkpoint';
  if (name === 'ZodError' || name === 'SyntaxError')
    return 'its list of files is not what the course writes, or names a path outside';
  return message;
}
