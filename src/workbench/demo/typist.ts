import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../../problem.js';
import type { Shells } from '../shell/shells.js';
import { statementsOf } from '../shell/statements.js';
import type { ShellKey } from '../state/shell-key.js';

/** How fast a demo goes, in milliseconds. */
export interface Pace {
  /** Between two characters, as of a person who types well. */
  readonly character: number;
  /** For a look at what was printed, and at the checks. */
  readonly glance: number;
  /** For a lesson to be seen before its solution is typed. */
  readonly read: number;
}

export const demoPace: Pace = { character: 35, glance: 1_200, read: 3_000 };

/** What is between what is typed: ends when the demo goes on, rejects when it was left. */
export type Pause = (milliseconds: number) => Promise<void>;

/** mongosh, redis-cli and bash wait for input behind one of these. */
const prompt = /[>$#] $/;
const lookEvery = 50;
/** A prompt that stays this many looks is one, and not a piece of what is printed. */
const steady = 4;
/** Milliseconds a statement may take: the data set is loaded within it on a slow disk. */
const deadline = 180_000;

/** Types lines into a shell of the pane as a person would: character by character, each statement at a prompt. */
export async function typeVisibly(
  shells: Pick<Shells, 'input' | 'type' | 'line'>,
  key: ShellKey,
  { input, pace, pause }: { input: string; pace: Pace; pause: Pause },
): Promise<void> {
  await untilPrompt(shells, key, pause);
  for (const statement of statementsOf(input)) {
    // What has more lines than one is pasted, as learners do: a shell would run or indent each line by itself.
    if (statement.includes('\n')) shells.type(key, [statement]);
    else {
      for (const text of statement) {
        shells.input(key, { kind: 'keys', text });
        await pause(pace.character);
      }
    }
    await pause(pace.glance / 2);
    shells.input(key, { kind: 'keys', text: '\r' });
    await untilPrompt(shells, key, pause);
    await pause(pace.glance);
  }
}

async function untilPrompt(shells: Pick<Shells, 'line'>, key: ShellKey, pause: Pause): Promise<void> {
  const until = Date.now() + deadline;
  for (let seen = 0; seen < steady; ) {
    // Also where the demo was paused, the shell's own time goes on.
    await delay(lookEvery);
    await pause(0);
    const line = shells.line(key);
    if (line === undefined || Date.now() > until) throw shellGone(key);
    seen = prompt.test(line) ? seen + 1 : 0;
  }
}

function shellGone({ service }: ShellKey): Problem {
  return new Problem('shell-failed', `The shell on ${service} has ended, or shows no prompt any more.`, {
    remedy: 'See whether it runs: mongo-scale-course status',
  });
}
