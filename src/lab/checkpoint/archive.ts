import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Home } from '../../home.js';
import { fileProblem } from '../../machine/file-problem.js';
import { Problem, usageProblem } from '../../problem.js';
import { withCheckpointLock } from './checkpoint-lock.js';
import { type Content, type Manifest, writeManifest } from './manifest.js';
import { hashFile, hasObject, objectPath } from './objects.js';
import { damagedProblem, objectsFolder, readContent } from './store.js';
import { type TarFile, writeTar } from './tar-file.js';

/** How the caller of an export or import follows it and cancels it. */
export interface Transfer {
  /** Bytes of the checkpoint's files written or read so far. */
  readonly onBytes?: ((bytes: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The manifest in an archive, and the beginning of the names of its other files. */
export const manifestEntry = 'checkpoint.json';
export const objectsEntry = 'objects/';
/** Milliseconds that another process may be at work on the checkpoints. */
export const patience = 30_000;

/**
 * Writes a checkpoint with all its files into one file: a compressed tar archive with the manifest first. Returns its
 * size. The file appears when it is complete. Throws `checkpoint-damaged`, `file-exists`, `file-not-written`.
 */
export async function exportCheckpoint(
  home: Home,
  manifest: Manifest,
  file: string,
  { force = false, onBytes, signal }: Transfer & { readonly force?: boolean } = {},
): Promise<{ readonly bytes: number }> {
  if (existsSync(file) && !force) {
    throw usageProblem('file-exists', `${file} is there already.`, 'Choose another name, or add --force.');
  }
  const draft = `${file}.draft-${process.pid}`;
  const options = { purpose: `exporting ${manifest.name}`, patience, signal };
  try {
    await withCheckpointLock(home, options, () =>
      pipeline(
        Readable.from(writeTar(filesOf(home, manifest, onBytes)), { objectMode: false }),
        createGzip({ level: 3 }),
        createWriteStream(draft, { mode: 0o600 }),
        { signal },
      ),
    );
    await rename(draft, file);
    return { bytes: (await stat(file)).size };
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw cause instanceof Problem ? cause : notWritten(file, cause);
  } finally {
    await rm(draft, { force: true });
  }
}

async function* filesOf(
  home: Home,
  manifest: Manifest,
  onBytes: Transfer['onBytes'],
): AsyncGenerator<TarFile> {
  const text = Buffer.from(writeManifest(manifest));
  yield { path: manifestEntry, size: text.length, content: Readable.from([text]) };
  const objects = objectsFolder(home);
  const content = readContent(home, manifest);
  const list = objectPath(objects, manifest.content);
  yield {
    path: objectsEntry + manifest.content,
    size: statSync(list).size,
    content: createReadStream(list),
  };
  const sizes = sizesOf(content);
  const total = totalOf(sizes);
  let bytes = 0;
  for (const [sha256, { size, path }] of sizes) {
    const object = objectPath(objects, sha256);
    if (!hasObject(objects, sha256, size) || hashFile(object, path) !== sha256)
      throw damagedProblem(manifest.name, `${path} is missing or not what was kept`);
    yield { path: objectsEntry + sha256, size, content: createReadStream(object) };
    bytes += size;
    onBytes?.(bytes, total);
  }
}

/** The size of each object, and a file that it is the content of, by its hash. */
export type ObjectSizes = Map<string, { readonly size: number; readonly path: string }>;

/** The objects of all files of a checkpoint. */
export function sizesOf({ data, workspace }: Content): ObjectSizes {
  return new Map(
    [...data, ...workspace].flatMap((entry) =>
      entry.kind === 'file' ? [[entry.sha256, entry] as const] : [],
    ),
  );
}

/** Bytes of all of them. */
export function totalOf(sizes: ReadonlyMap<string, { readonly size: number }>): number {
  return [...sizes.values()].reduce((sum, { size }) => sum + size, 0);
}

function notWritten(file: string, cause: unknown): unknown {
  const problem = fileProblem(cause, file);
  if (problem instanceof Problem && problem.code === 'disk-full') return problem;
  return new Problem('file-not-written', `${file} could not be written: ${(cause as Error).message}.`, {
    remedy: 'Choose a file in a folder that is there and that you may write.',
    cause,
  });
}
