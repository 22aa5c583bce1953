import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, test } from 'vitest';
import type { Pty } from '../workbench/support/pty.js';
import { createFakeRun, expectGone, type FakeRun, type RunOptions } from './support/fake-run.js';

// The built workbench in a real pseudo-terminal, ended from outside and by Ctrl-C whatever it is doing: the terminal
// is as it was, and no process is left.
const keys = { enter: '\r', ctrlC: '\u0003', prefix: '\u001D' };

interface Moment {
  readonly options?: RunOptions;
  /** Leads there from the list of lessons. */
  readonly reach?: (opened: Pty) => Promise<unknown>;
  /** How Ctrl-C is typed where the first one is not the workbench's. */
  readonly leave?: string;
}

async function lesson(opened: Pty): Promise<void> {
  opened.type(keys.enter);
  await opened.shows('Add the shards (8 min)');
}

async function shell(opened: Pty): Promise<void> {
  await lesson(opened);
  opened.type('s');
  await opened.shows(/^│shell> +│$/m);
}

const show = (typed: string, wanted: string | RegExp, from = lesson) => {
  return async (opened: Pty): Promise<void> => {
    await from(opened);
    opened.type(typed);
    await opened.shows(wanted);
  };
};
const list = async (): Promise<void> => {};

/** Ctrl-C is the program's while a shell has the keys. */
const fromShell = `${keys.prefix}${keys.ctrlC}`;
const moments: Readonly<Record<string, Moment>> = {
  'before the first frame': { options: { frame: false } },
  'the list of lessons': {},
  'a lesson': { reach: lesson },
  'a shell at its prompt': { reach: shell, leave: fromShell },
  'an editor in a zoomed shell, mouse on': {
    options: { session: { mouse: true } },
    reach: async (opened) => {
      await shell(opened);
      opened.type(`${keys.prefix}z`);
      await opened.shows(/^shell> /);
      opened.type(`vi${keys.enter}`);
      await opened.shows(/^~/m);
    },
    leave: fromShell,
  },
  'a burst of output': {
    reach: show(`while :; do seq 1000; done${keys.enter}`, /^│1000 +│$/m, shell),
    leave: fromShell,
  },
  'work under way': {
    options: { session: { hang: true } },
    reach: show('u', 'Under way', list),
    // It asks whether to break that off; the second is the answer.
    leave: `${keys.ctrlC}${keys.ctrlC}`,
  },
  'a confirmation': { reach: show('g', 'Start sharding/add-shards anew?') },
  'a question': { reach: show('a', '▸ Question') },
  'the search': { reach: show('/', 'Find a lesson', list) },
  'a node and its log': { reach: show(`3${keys.enter}`, 'Log, as it comes') },
  'the keys, on a small screen': { options: { columns: 60, rows: 18 }, reach: show('?', 'Keys') },
};

let run: FakeRun;
beforeEach(() => {
  run = createFakeRun();
});
afterEach(() => run.close());

describe.each(Object.entries(moments))('%s', (_, { options, reach, leave = keys.ctrlC }) => {
  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['Ctrl-C', options?.frame === false ? 130 : 0],
  ] as const)('ended by %s', async (end, code) => {
    const opened = await run.open(options);
    await reach?.(opened);
    const pids = [run.pid(), ...descendants(run.pid())];
    if (end === 'Ctrl-C') opened.type(leave);
    else process.kill(run.pid(), end);
    await run.expectRestored(opened, code);
    for (const pid of pids) await expectGone(pid);
  });
});

/** All processes below one (proc(5): the parent is the second field after the name). */
function descendants(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
        return [{ pid: Number(name), parent: Number(parent) }];
      } catch {
        return [];
      }
    });
  const below = (of: number): number[] =>
    parents.filter(({ parent }) => parent === of).flatMap((one) => [one.pid, ...below(one.pid)]);
  return below(pid);
}
