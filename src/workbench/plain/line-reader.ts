import { createInterface } from 'node:readline';
import { setImmediate as tick } from 'node:timers/promises';

/** What the learner types, a line at a time; the terminal itself, or whoever fills the pipe, does the editing. */
export interface LineReader {
  /** The next line; undefined at the end of the input. */
  next(): Promise<string | undefined>;
  /** Lets go of the input so that a child can read it: resolves when no read of ours is outstanding. */
  release(): Promise<void>;
  listen(): void;
  close(): void;
}

export function createLineReader(input: NodeJS.ReadStream): LineReader {
  // Not as a terminal of readline's: it would move the cursor, which a screen reader reads out.
  const lines = createInterface({ input, terminal: false, crlfDelay: Number.POSITIVE_INFINITY });
  const typed: string[] = [];
  let ended = false;
  let wake = (): void => {};
  lines.on('line', (line) => {
    typed.push(line);
    wake();
  });
  lines.on('close', () => {
    ended = true;
    wake();
  });

  return {
    async next() {
      while (typed.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return typed.shift();
    },
    async release() {
      // As the keyboard does it: a read that is still outstanding would take the child's first line.
      await tick();
      lines.pause();
      await tick();
    },
    listen: () => void lines.resume(),
    close: () => lines.close(),
  };
}
