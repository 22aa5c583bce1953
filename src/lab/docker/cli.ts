import type { Readable } from 'node:stream';
import { execa } from 'execa';

/** How one call of the docker program ended. `code` is undefined where it was ended by a signal or a timeout. */
export interface DockerResult {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it could not be run at all: `missing` (no such program), `timeout`. */
  readonly failure?: 'missing' | 'timeout' | undefined;
}

export interface DockerCallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; default none. */
  readonly timeout?: number | undefined;
  /** Each line of stderr (where docker reports progress) as it comes. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * The docker program on this machine. `call` never rejects but when `signal` aborts (with its reason): how a
 * call ended is in the result. Both inherit the environment, so that `DOCKER_HOST`, `DOCKER_CONTEXT` and
 * `DOCKER_CONFIG` are honoured.
 */
export interface DockerCli {
  call(args: readonly string[], options?: DockerCallOptions): Promise<DockerResult>;
  /** Lines of stdout and stderr, in the order they come, until the program ends or `signal` aborts. */
  lines(args: readonly string[], signal?: AbortSignal): AsyncIterable<string>;
  /** Its stdout as bytes, for what is too large to be kept (`image save`). */
  output(
    args: readonly string[],
    signal?: AbortSignal,
  ): { readonly stdout: Readable; readonly result: Promise<DockerResult> };
}

/** The docker program found on PATH, run without a shell and with nothing on its stdin. */
export const dockerCli: DockerCli = { call, lines, output };

async function call(args: readonly string[], options: DockerCallOptions = {}): Promise<DockerResult> {
  const { signal, timeout, onLine } = options;
  const child = execa('docker', args, {
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: true,
    ...(signal ? { cancelSignal: signal } : {}),
    ...(timeout ? { timeout } : {}),
  });
  if (onLine) for await (const line of child.iterable({ from: 'stderr' })) onLine(String(line));
  const result = await child;
  signal?.throwIfAborted();
  return resultOf(result, result.stdout ?? '');
}

interface Ended {
  readonly exitCode?: number | undefined;
  readonly stderr?: string | undefined;
  readonly timedOut: boolean;
  readonly code?: string | undefined;
}

function resultOf({ exitCode, stderr = '', timedOut, code }: Ended, stdout: string): DockerResult {
  const failure = timedOut ? 'timeout' : code === 'ENOENT' ? 'missing' : undefined;
  return { code: exitCode, stdout, stderr, failure };
}

function output(args: readonly string[], signal?: AbortSignal) {
  const child = execa('docker', args, {
    stdin: 'ignore',
    reject: false,
    buffer: { stdout: false },
    encoding: 'buffer',
    ...(signal ? { cancelSignal: signal } : {}),
  });
  const result = child.then((ended) =>
    resultOf({ ...ended, stderr: Buffer.from(ended.stderr).toString() }, ''),
  );
  return { stdout: child.stdout, result };
}

async function* lines(args: readonly string[], signal?: AbortSignal): AsyncIterable<string> {
  const child = execa('docker', args, {
    stdin: 'ignore',
    reject: false,
    buffer: false,
    all: true,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  yield* child.iterable({ from: 'all' }) as AsyncIterable<string>;
}
