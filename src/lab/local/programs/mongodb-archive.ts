import { rm } from 'node:fs/promises';
import { networkInterfaces, release } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheFolder } from '../../../home.js';
import { dropped } from '../../../machine/debug-log.js';
import { DownloadFailed, download, httpGet } from './download.js';
import type { Obtaining } from './obtain.js';
import { unpackTar } from './unpack.js';

/**
 * The version of MongoDB's own servers that is fetched. 8.x refuses to start on Linux 6.19 and newer
 * (SERVER-121912), 7.0 does not.
 */
export function mongodbVersion(platform: string = process.platform, kernel: string = release()): string {
  const [major = 0, minor = 0] = kernel.split('.').map(Number);
  const refused = platform === 'linux' && (major > 6 || (major === 6 && minor >= 19));
  return refused ? '7.0.40' : '8.0.28';
}

let reachable: Promise<boolean> | undefined;

/**
 * Whether MongoDB's download host answers; asked once a run, and given up after three seconds. Throws the signal's
 * reason.
 */
export async function mongodbReachable(signal?: AbortSignal): Promise<boolean> {
  reachable ??= answers(signal);
  const answer = await reachable;
  // Broken off it was not answered, and the next command of a workbench has to ask again.
  if (signal?.aborted) reachable = undefined;
  signal?.throwIfAborted();
  return answer;
}

async function answers(broken?: AbortSignal): Promise<boolean> {
  const online = Object.values(networkInterfaces()).some((list) => list?.some(({ internal }) => !internal));
  if (!online) return false;
  try {
    const late = AbortSignal.timeout(3_000);
    const signal = broken ? AbortSignal.any([late, broken]) : late;
    const { statusCode, body } = await httpGet('https://fastdl.mongodb.org/', { signal });
    await body.dump();
    return statusCode < 500;
  } catch (error) {
    dropped(error);
    return false;
  }
}

/** mongod and mongos for this platform from MongoDB's own archive, into `folder`. Throws `DownloadFailed`. */
export async function obtainMongodb(version: string, folder: string, obtaining: Obtaining): Promise<void> {
  await obtainArchive(await archiveUrl(version, obtaining), folder, obtaining);
}

/**
 * As `obtainMongodb`, from the archive at `url`. The sum published beside it is checked: that finds a damaged
 * download, but comes from the same host at the same time, so it is no pin as the wheels have one.
 */
export async function obtainArchive(url: string, folder: string, obtaining: Obtaining): Promise<void> {
  const part = join(dirname(folder), `${basename(url)}.part`);
  const onBytes = (received: number, total: number | undefined) =>
    obtaining.report('downloading', { received, total, detail: url });
  const sha256 = await publishedSum(url, obtaining.signal);
  await download({ url, part, sha256, onBytes, signal: obtaining.signal });
  obtaining.report('unpacking');
  await unpackTar(part, ['mongod', 'mongos'], folder);
  await rm(part, { force: true });
}

/** How long MongoDB's list of downloads may take, in milliseconds: the library that reads it has no deadline. */
const listTime = 20_000;

async function archiveUrl(version: string, { env }: Obtaining): Promise<string> {
  const { getDownloadURL } = await import('mongodb-download-url');
  const late = delay(listTime, undefined, { ref: false }).then(() => {
    throw new Error('the list of downloads does not come');
  });
  try {
    const cachePath = join(cacheFolder(env), 'mongodb-downloads.json');
    const { url, ext } = await Promise.race([getDownloadURL({ version, cachePath }), late]);
    if (ext !== 'tgz') throw new Error(`${url} is no tgz`);
    return url;
  } catch (cause) {
    throw new DownloadFailed(`MongoDB ${version}`, (cause as Error).message, false, cause);
  } finally {
    late.catch(() => undefined);
  }
}

/** MongoDB publishes `ARCHIVE.sha256` beside each archive ("Verify Integrity of MongoDB Packages"). */
async function publishedSum(url: string, signal?: AbortSignal): Promise<string> {
  const { statusCode, body } = await httpGet(`${url}.sha256`, { signal });
  const sum = /^[0-9a-f]{64}\b/.exec(await body.text())?.[0];
  if (statusCode !== 200 || sum === undefined)
    throw new DownloadFailed(`${url}.sha256`, 'there is no sum', false);
  return sum;
}
