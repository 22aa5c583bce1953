import { Readable } from 'node:stream';
import type { DockerCli, DockerResult } from '../../../src/lab/docker/cli.js';

/** A function gives another answer each time. */
type Answer = Partial<DockerResult> | (() => Partial<DockerResult>);

/** Answers each call whose arguments match, the first pattern that fits; anything else fails loudly. */
export interface FakeCli extends DockerCli {
  /** Every call, its arguments joined by spaces, in order. */
  readonly calls: string[];
}

/** A docker program that says what a real one said. Its stderr goes to `onLine`, as progress does. */
export function fakeCli(answers: readonly (readonly [RegExp, Answer])[]): FakeCli {
  const calls: string[] = [];
  return {
    calls,
    async call(args, options = {}) {
      const line = args.join(' ');
      calls.push(line);
      const found = answers.find(([pattern]) => pattern.test(line))?.[1];
      if (!found) throw new Error(`no recorded answer for: docker ${line}`);
      const answer = typeof found === 'function' ? found() : found;
      for (const text of (answer.stderr ?? '').split('\n').filter((text) => text !== ''))
        options.onLine?.(text);
      options.signal?.throwIfAborted();
      return { code: 0, stdout: '', stderr: '', ...answer };
    },
    async *lines(args) {
      yield* (await this.call(args)).stdout.split('\n');
    },
    output(args) {
      const result = this.call(args);
      const bytes = async function* () {
        yield Buffer.from((await result).stdout);
      };
      return { stdout: Readable.from(bytes()), result };
    },
  };
}
