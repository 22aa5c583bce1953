import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../../src/package.js';

/** What a run of the program left behind. */
export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as the one JSON document that `--json` promises; throws where it is none. */
  json<T = Record<string, unknown>>(): T;
}

/** Runs the program as shipped, without a terminal. */
export type Cli = (...args: string[]) => Promise<CliResult>;

/**
 * The program on one home and port offset, as every later command of a learner's would find them.
 * @param timeout milliseconds that a command may take; a whole stage played through takes minutes
 */
export function cliIn(env: Record<string, string>, timeout = 110_000): Cli {
  return async (...args) => asResult(await run(env, args, timeout));
}

/** As a `Cli`, but with Ctrl-C pressed as soon as stderr says `when`. */
export async function cliInterrupted(
  env: Record<string, string>,
  args: readonly string[],
  when: string,
): Promise<CliResult> {
  const running = run(env, args);
  let said = '';
  running.stderr.on('data', (chunk: Buffer) => {
    if (said.includes(when)) return;
    said += chunk.toString();
    if (said.includes(when)) running.kill('SIGINT');
  });
  return asResult(await running);
}

function run(env: Record<string, string>, args: readonly string[], timeout = 110_000) {
  return execa(process.execPath, [join(packageRoot, 'dist', 'src', 'main.js'), ...args], {
    env: { MSC_RUNTIME: 'local', NO_COLOR: '1', ...env },
    reject: false,
    timeout,
    stdin: 'ignore',
  });
}

function asResult(result: Awaited<ReturnType<typeof run>>): CliResult {
  return {
    exitCode: result.exitCode ?? -1,
    stdout: result.stdout,
    stderr: result.stderr,
    json: () => JSON.parse(result.stdout),
  };
}
