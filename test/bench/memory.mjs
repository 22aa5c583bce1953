import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  addShards,
  createFakeSession,
  pendingVerdicts,
  snapshot,
  wrongVerdicts,
} from '../workbench/support/fake-session.mjs';

/** Snapshots of an hour and a half at one each half second: as many as a long evening has changes, and more. */
const snapshots = 10_000;
/** All that is kept on purpose (scrollback, the log's last lines) is full by then. */
const settled = 2_000;
/** Each of them prints this many lines in the shell pane. */
const linesEach = 5;
const bound = 1.5;

/**
 * The workbench drawn anew for thousands of snapshots and verdicts that differ, with a node's log and a shell that
 * print all the time: what it holds on to after a fifth of them and at their end.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[]>}
 */
export async function benchMemory() {
  // React decides while it is loaded whether it checks itself, and keeps what for.
  process.env.NODE_ENV ??= 'production';
  const { mountWorkbench } = await import('../../src/workbench/mount.tsx');
  const { createScreen } = await import('../../src/workbench/terminal/screen.ts');
  const { loadTerminal } = await import('../../src/workbench/shell/load-terminal.ts');
  let painted = 0;
  const output = {
    columns: 120,
    rows: 36,
    on() {},
    off() {},
    write(text) {
      painted += text.length;
    },
  };
  let printLog = () => {};
  const session = {
    ...createFakeSession(),
    async *logs(_, signal) {
      while (!signal.aborted) yield await new Promise((resolve) => (printLog = resolve));
    },
    // It prints a line for each that it is given.
    shell: async () => ({ file: 'cat', args: [] }),
  };
  const screen = createScreen(output);
  const workbench = mountWorkbench({ screen, loadTerminal, runInForeground: async () => ({}), quit() {} });
  const press = (name) => workbench.onKey({ name });
  const until = async (done) => {
    while (!done()) await turn();
  };
  screen.enter();
  workbench.connect(session);
  try {
    await until(() => workbench.lastSeen().lab !== undefined);
    press('enter');
    await turn();
    const heap = new Map();
    for (let round = 1; round <= snapshots; round += 1) {
      session.say({ kind: 'snapshot', snapshot: changed(round) });
      const checks = round % 2 === 0 ? pendingVerdicts : wrongVerdicts;
      session.say({ kind: 'verdicts', lesson: addShards.id, passed: false, checks, measured: [] });
      if (round === 10) press('3');
      if (round === 20) press('enter');
      if (round === 30) press('s');
      printLog(`line ${round} of the log`);
      workbench.onRaw(`${'a line of output\r'.repeat(linesEach)}`);
      await turn();
      await turn();
      if (round === settled || round === snapshots) heap.set(round, await heapUsed());
    }
    const [before, after] = [heap.get(settled), heap.get(snapshots)];
    const growth = after - before;
    return [
      { name: `heap after ${settled} snapshots`, value: before, unit: 'MB', ok: painted > 0 },
      {
        name: `heap grown ${snapshots - settled} snapshots later`,
        value: growth,
        unit: 'MB',
        bound,
        ok: growth <= bound,
      },
    ];
  } finally {
    workbench.unmount();
    await workbench.shells.close();
    screen.close();
    await session.close();
  }
}

/** A lab that is another each time: a node comes and goes, documents come, chunks move. */
function changed(round) {
  return {
    ...snapshot,
    takenAt: round,
    nodes: snapshot.nodes.map((node) => ({
      ...node,
      status: {
        ...node.status,
        pid: round,
        state: node.service === 'shard2a' && round % 3 === 0 ? 'dead' : node.status.state,
      },
      ...(node.data ? { data: { documents: round, bytes: round * 290 } } : {}),
    })),
  };
}

/** Megabytes in use once all that nobody holds is gone; what finalizers hold goes some turns later. */
async function heapUsed() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 8; round += 1) {
    collect();
    await turn();
    least = Math.min(least, process.memoryUsage().heapUsed);
  }
  return least / 1e6;
}
