import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ensureFolder } from '../../../machine/ensure-folder.js';
import { fileProblem } from '../../../machine/file-problem.js';
import { Problem } from '../../../problem.js';

export interface Download {
  readonly url: string;
  /** Where the file grows. It is kept when the download is broken off, and continued from there. */
  readonly part: string;
  /** Lower case hex; undefined where the source names none. */
  readonly sha256: string | undefined;
  /** Bytes so far, and in all where the server says. */
  readonly onBytes: (received: number, total: number | undefined) => void;
  readonly signal?: AbortSignal | undefined;
}

/** How often a broken connection is taken up again before giving up. */
const attempts = 4;

/**
 * Fetches a file by HTTP into `part`, continuing one that is there (Range, RFC 9110 section 14), and checks its
 * sum. Honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY. Throws `download-damaged`, `disk-full`, `home-not-writable`,
 * the signal's reason, or `DownloadFailed` where the server cannot be had.
 */
export async function download(wanted: Download): Promise<void> {
  ensureFolder(dirname(wanted.part));
  for (let attempt = 1; ; attempt += 1) {
    try {
      await fetchRest(wanted);
      break;
    } catch (cause) {
      wanted.signal?.throwIfAborted();
      const problem = fileProblem(cause, wanted.part);
      if (problem instanceof Problem) {
        // A full disk is not left full for the sake of a file that can be fetched again.
        await rm(wanted.part, { force: true });
        throw problem;
      }
      const failed = cause instanceof DownloadFailed ? cause : brokenConnection(wanted.url, cause);
      if (attempt === attempts || !failed.worthRetrying) throw failed;
    }
  }
  if (wanted.sha256 !== undefined) await verify(wanted.part, wanted.sha256, wanted.url);
}

/** The server cannot be reached, or does not give the file. */
export class DownloadFailed extends Error {
  constructor(
    url: string,
    reason: string,
    readonly worthRetrying: boolean,
    cause?: unknown,
  ) {
    super(`${url}: ${reason}`, { cause });
    this.name = 'DownloadFailed';
  }
}

/** Checks a file's sha256; removes it and throws `download-damaged` naming both sums where it is another. */
export async function verify(path: string, sha256: string, origin: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const found = hash.digest('hex');
  if (found === sha256) return;
  await rm(path, { force: true });
  throw new Problem(
    'download-damaged',
    `${origin} is not the file the course was made with: its sha256 is ${found}, expected ${sha256}. It was removed, unused.`,
    { remedy: 'Try again; if it stays so, something between you and the server changes downloads.' },
  );
}

/** GET through the proxies of the environment. Throws the signal's reason, at once, whatever it waits for. */
export async function httpGet(
  url: string,
  { headers, signal }: { headers?: Record<string, string>; signal?: AbortSignal | undefined } = {},
) {
  // Most labs fetch nothing: undici takes 60 ms to load.
  const { EnvHttpProxyAgent, Pool, request, interceptors } = await import('undici');
  signal?.throwIfAborted();
  // A stalled connection ends after 30 s and is taken up again.
  const agent = new EnvHttpProxyAgent({
    connectTimeout: 10_000,
    headersTimeout: 30_000,
    bodyTimeout: 30_000,
    // The timeouts above are not those of the connection to the proxy itself, which has 300 s (undici 7).
    clientFactory: (origin, options) =>
      new Pool(origin, { ...options, connectTimeout: 10_000, headersTimeout: 10_000 }),
  });
  // A request's own signal does nothing before there is a connection.
  const breakOff = (): void => void agent.destroy();
  signal?.addEventListener('abort', breakOff, { once: true });
  try {
    const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: 5 }));
    const answer = await request(url, { dispatcher, ...(headers ? { headers } : {}) });
    answer.body.once('close', () => signal?.removeEventListener('abort', breakOff));
    return answer;
  } catch (cause) {
    signal?.removeEventListener('abort', breakOff);
    signal?.throwIfAborted();
    throw cause;
  }
}

async function fetchRest({ url, part, onBytes, signal }: Download): Promise<void> {
  const have = (await sizeOf(part)) ?? 0;
  const headers = have > 0 ? { range: `bytes=${have}-` } : {};
  const { statusCode, headers: answer, body } = await httpGet(url, { headers, signal });
  if (statusCode === 416) {
    // All of it was there already, or something else was: the sum will tell, or a fresh start.
    await body.dump();
    if (totalOf(answer['content-range']) === have) return onBytes(have, have);
    await rm(part, { force: true });
    throw new DownloadFailed(url, 'the server does not know the rest of the file', true);
  }
  if (statusCode !== 200 && statusCode !== 206) {
    await body.dump();
    throw new DownloadFailed(url, `the server answered ${statusCode}`, statusCode >= 500);
  }
  let received = statusCode === 206 ? have : 0;
  const length = Number(answer['content-length']);
  const total = Number.isFinite(length) ? received + length : undefined;
  onBytes(received, total);
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      onBytes(received, total);
      done(null, chunk);
    },
  });
  const file = createWriteStream(part, { flags: statusCode === 206 ? 'a' : 'w' });
  await pipeline(body, counter, file, signal ? { signal } : {});
}

/** The length after the slash of `Content-Range: bytes *\/1234`. */
function totalOf(range: string | string[] | undefined): number | undefined {
  const total = /\/(\d+)$/.exec(String(range ?? ''))?.[1];
  return total === undefined ? undefined : Number(total);
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found: Stats | undefined = await stat(path).catch(() => undefined);
  return found?.size;
}

/** A host that cannot be found or does not take connections will not do so a second later. */
const unreachable = [
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

function brokenConnection(url: string, cause: unknown): DownloadFailed {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return new DownloadFailed(url, code || message, !unreachable.includes(code), cause);
}
