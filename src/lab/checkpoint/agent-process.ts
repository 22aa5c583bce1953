import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { diskFull } from '../../machine/file-problem.js';
import { Problem } from '../../problem.js';
import type { Invocation } from '../runtime.js';

/** One run of `agent.ts`: a message for each answer. */
export interface Agent {
  /** Sends a line and gives the answer. Throws `disk-full`, `checkpoint-failed`. */
  ask<T>(line: string): Promise<T>;
  /** Ends it, whatever it is at. */
  close(): void;
}

/** Starts the agent. It ends with this process, since its input does. */
export function startAgent({ file, args, env }: Invocation, signal?: AbortSignal): Agent {
  const child = execa(file, [...args], {
    ...(env ? { env: { ...env } } : {}),
    buffer: { stdout: false },
    reject: false,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  // A write to an agent that has ended fails here; `ask` reports how it ended.
  child.stdin.on('error', () => undefined);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask<T>(line: string): Promise<T> {
      child.stdin.write(`${line}\n`);
      const { value, done } = await answers.next();
      signal?.throwIfAborted();
      if (done) throw agentFailed((await child).stderr);
      const answer = JSON.parse(value) as T & { error?: { code: string; path: string; message: string } };
      if (answer.error) throw agentProblem(answer.error);
      return answer;
    },
    close() {
      child.stdin.end();
      child.kill('SIGKILL');
    },
  };
}

function agentProblem({ code, path, message }: { code: string; path: string; message: string }): Problem {
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path || 'the checkpoint', new Error(message));
  return agentFailed(message);
}

function agentFailed(why: string): Problem {
  return new Problem(
    'checkpoint-failed',
    `The lab's data could not be copied: ${why.trim().split('\n')[0] || 'the copy ended'}.`,
    {
      remedy: 'Look what the disk says: mongo-scale-course doctor',
    },
  );
}
