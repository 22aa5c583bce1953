interface ToolOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How a tool ended. `exitCode` is undefined where it could not be run or was killed; `code` tells why (`ENOENT`). */
export interface ToolResult {
  readonly exitCode?: number | undefined;
  readonly code?: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a tool that starts processes of its own (npm, pip), in a process group: when `signal` aborts, or this process
 * exits, the whole group is killed, so that nobody goes on writing. Throws the signal's reason then; a tool that fails
 * is a result.
 */
export async function runTool(
  file: string,
  args: readonly string[],
  { env, cwd, signal }: ToolOptions,
): Promise<ToolResult> {
  // Loaded where it is used: execa takes as long to load as Node to start (30 ms).
  const { execa } = await import('execa');
  signal?.throwIfAborted();
  const child = execa(file, args, {
    env,
    extendEnv: false,
    ...(cwd === undefined ? {} : { cwd }),
    stdin: 'ignore',
    detached: true,
    reject: false,
  });
  const kill = (): void => killGroup(child.pid);
  signal?.addEventListener('abort', kill, { once: true });
  process.once('exit', kill);
  try {
    const result = await child;
    signal?.throwIfAborted();
    return result;
  } finally {
    signal?.removeEventListener('abort', kill);
    process.off('exit', kill);
  }
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (cause) {
    // It has just ended by itself.
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}
