import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Problem } from '../../problem.js';
import type { DockerCli } from './cli.js';
import { missingImages } from './images.js';
import { dockerProblem } from './problems.js';

interface Bundling {
  readonly cli: DockerCli;
  /** Bytes of the bundle written or read so far; the total only when reading. */
  readonly onBytes?: ((bytes: number, total?: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where the checksum of a bundle lies: beside it, as `sha256sum --check` reads it. */
function checksumFile(file: string): string {
  return `${file}.sha256`;
}

/**
 * Writes images into one file (`docker save`, gzip) that can be carried to machines without a network, and its
 * checksum beside it. Returns the file's size in bytes and its sha256. Nothing is left where it fails.
 */
export async function saveBundle(
  images: readonly string[],
  file: string,
  { cli, onBytes, signal }: Bundling,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const missing = await missingImages(cli, images);
  if (missing.length > 0) {
    throw new Problem(
      'image-missing',
      `Docker has no ${missing.join(', ')} yet, so there is nothing to save.`,
      {
        remedy: 'Fetch the images first: mongo-scale-course pull',
      },
    );
  }
  const part = `${file}.part`;
  const meter = metered(onBytes);
  try {
    const save = cli.output(['image', 'save', ...images], signal);
    await pipeline(save.stdout, createGzip({ level: 1 }), meter.through, createWriteStream(part), { signal });
    const result = await save.result;
    if (result.code !== 0) throw dockerProblem(result, 'saving the images');
    await rename(part, file);
  } catch (cause) {
    throw signal?.aborted ? signal.reason : (writingProblem(cause, file) ?? cause);
  } finally {
    await rm(part, { force: true });
  }
  const { bytes, sha256 } = meter.read();
  await writeFile(checksumFile(file), `${sha256}  ${basename(file)}\n`);
  return { bytes, sha256 };
}

/**
 * Checks a bundle and loads its images into the engine. Returns their names. Throws `bundle-missing`,
 * `bundle-damaged`, or what Docker says.
 */
export async function loadBundle(
  file: string,
  { cli, onBytes, signal }: Bundling,
): Promise<readonly string[]> {
  const expected = await readChecksum(file);
  const { size } = await stat(file);
  const meter = metered((bytes) => onBytes?.(bytes, size));
  await pipeline(
    createReadStream(file),
    meter.through,
    async (chunks) => {
      for await (const _ of chunks);
    },
    { signal },
  );
  if (meter.read().sha256 !== expected) {
    throw new Problem('bundle-damaged', `${file} is not what was saved: its checksum is another.`, {
      remedy: 'Copy it again, with its .sha256 file.',
    });
  }
  const result = await cli.call(['image', 'load', '--input', file], { signal });
  if (result.code !== 0) throw dockerProblem(result, 'loading the images');
  return [...result.stdout.matchAll(/^Loaded image: (\S+)$/gm)].map(([, name = '']) => name);
}

async function readChecksum(file: string): Promise<string | undefined> {
  try {
    await stat(file);
    return (await readFile(checksumFile(file), 'utf8')).split(/\s/)[0];
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new Problem(
      'bundle-missing',
      `There is no bundle at ${file}, or its checksum ${checksumFile(file)} is not beside it.`,
      {
        remedy: 'A bundle is two files; make one with: mongo-scale-course bundle save FILE',
        cause,
      },
    );
  }
}

/** Counts and sums up the bytes that pass. */
function metered(onBytes?: (bytes: number) => void) {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes?.(bytes);
      done(null, chunk);
    },
  });
  return { through, read: () => ({ bytes, sha256: hash.copy().digest('hex') }) };
}

function writingProblem(cause: unknown, file: string): Problem | undefined {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC') {
    return new Problem('disk-full', `The disk that ${file} is to be written to is full.`, {
      remedy: 'Name a file on another disk.',
      cause,
    });
  }
  if (code === 'EACCES' || code === 'ENOENT' || code === 'EROFS') {
    return new Problem('bundle-not-writable', `${file} cannot be written (${code}).`, {
      remedy: 'Name a file in a folder that is there and yours.',
      cause,
    });
  }
  return undefined;
}
