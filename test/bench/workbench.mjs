import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { execa } from 'execa';

const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const fake = fileURLToPath(new URL('../workbench/support/fake-workbench.mjs', import.meta.url));
/** Away from a lab that may be up, and from the offsets that tests claim. */
const portOffset = 5_600;
const rounds = 10;
/** Milliseconds after which a workbench is at rest: src/workbench/attention.ts. */
const restAfter = 22_000;
const echoes = 60;
/** Half a second where Node itself starts in 40 ms: a busy machine is slow at both. */
const mostNodes = 12;
/** One picture of the shell pane: what an echo may take longer than in a terminal of its own. */
const frameMs = 33;

/**
 * The workbench in a real pseudo-terminal: how soon it is there, how fast a key is echoed in its shell pane, what
 * it costs while a shell prints steadily and while nothing changes.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[] | string>}
 */
export async function benchWorkbench() {
  if (process.platform !== 'linux') return 'a process’s use of the processor is read from /proc';
  return [...(await benchLive()), ...(await benchEcho()), await benchSteadyOutput()];
}

/** First frame and rest, with a sharded lab up. */
async function benchLive() {
  const home = await mkdtemp(join(tmpdir(), 'msc-bench-'));
  const options = ['--home', home, '--runtime', 'local', '--port-offset', String(portOffset)];
  try {
    await execa(process.execPath, [main, 'goto', 'sharding/add-shards', ...options]);
    const times = { node: [], frame: [] };
    for (let round = -1; round < rounds; round += 1) {
      const node = await timed(['-e', '0'], (terminal) => terminal.ended);
      const frame = await timed([main, ...options], async (terminal) => {
        await terminal.says('mongo-scale-course');
        return () => terminal.close();
      });
      // The first round warms the page cache.
      if (round >= 0) {
        times.node.push(node);
        times.frame.push(frame);
      }
    }
    const frame = median(times.frame);
    const ratio = frame / median(times.node);
    const workbench = openTerminal(process.execPath, [main, ...options]);
    await workbench.says('open');
    workbench.type('\r');
    await workbench.says('not yet');
    workbench.type('s');
    await workbench.says('mongos');
    // Nobody touches a key: the workbench looks less closely after a while.
    await delay(restAfter);
    const idle = await usage(workbench.pid, 20);
    await workbench.close();
    return [
      { name: 'first frame, lab up', value: frame, unit: 'ms', ok: true },
      {
        name: 'first frame / node -e 0',
        value: ratio,
        unit: 'x',
        bound: mostNodes,
        ok: ratio <= mostNodes,
      },
      { name: 'at rest, lab up, shell open', value: idle, unit: '% of a core', bound: 3, ok: idle <= 3 },
    ];
  } finally {
    await execa(process.execPath, [main, 'down', '--purge', ...options], { reject: false });
    await rm(home, { recursive: true, force: true });
  }
}

/** From a key to its echo, in bash alone and in the pane: the two in turn. */
async function benchEcho() {
  const bare = openTerminal('bash', ['--norc', '--noprofile', '-i'], { PS1: 'shell> ' });
  const workbench = await openFakeShell();
  await bare.says('shell> ');
  const times = { bare: [], pane: [] };
  for (let key = 0; key < echoes; key += 1) {
    // Each row begins anew, so that a digit is seen once.
    const digit = String(key % 10);
    for (const [kind, terminal] of [
      ['bare', bare],
      ['pane', workbench],
    ]) {
      if (key % 10 === 0) {
        terminal.type('\u0003');
        await terminal.quiet();
      }
      terminal.forget();
      const begun = performance.now();
      terminal.type(digit);
      await terminal.says(digit);
      times[kind].push(performance.now() - begun);
      // Not in step with the pane's pictures.
      await delay(20 + Math.random() * frameMs);
    }
  }
  await bare.close();
  await workbench.close();
  const slower = percentile(times.pane, 0.95) - percentile(times.bare, 0.95);
  return [
    { name: 'key to echo in bash alone, p95', value: percentile(times.bare, 0.95), unit: 'ms', ok: true },
    { name: 'key to echo in the pane, median', value: median(times.pane), unit: 'ms', ok: true },
    {
      name: 'key to echo, slower in the pane, p95',
      value: slower,
      unit: 'ms',
      bound: frameMs,
      ok: slower <= frameMs,
    },
  ];
}

/** A shell that prints coloured lines all the time, on the whole of a large screen. */
async function benchSteadyOutput() {
  const workbench = await openFakeShell({ columns: 200, rows: 50 });
  workbench.type('\u001Dz');
  const line = "'\\x1b[3' + n % 8 + 'm' + (n + ' output ').repeat(18) + '\\x1b[0m\\n'";
  workbench.type(`node -e "let n = 0; setInterval(() => { n += 1; process.stdout.write(${line}) }, 4)"\r`);
  await workbench.says('200 output');
  workbench.forget();
  const seconds = 8;
  const percent = await usage(workbench.pid, seconds);
  const frames = workbench.output().split('\u001B[?2026h').length / seconds;
  await workbench.close();
  return {
    name: `steady output at 200x50, ${frames.toFixed(0)} frames/s`,
    value: percent,
    unit: '% of a core',
    bound: 60,
    ok: percent <= 60 && frames >= 25,
  };
}

async function openFakeShell(size) {
  const workbench = openTerminal(process.execPath, [fake], {}, size);
  await workbench.says('open');
  workbench.type('\r');
  await workbench.says('(8 min)');
  workbench.type('s');
  await workbench.says('shell> ');
  return workbench;
}

/** How long a program takes until `reached`; what that resolves with is called afterwards. */
async function timed(args, reached) {
  const begun = performance.now();
  const terminal = openTerminal(process.execPath, args);
  const after = await reached(terminal);
  const took = performance.now() - begun;
  if (typeof after === 'function') await after();
  return took;
}

function openTerminal(file, args, env = {}, { columns = 120, rows = 36 } = {}) {
  const pty = spawn(file, args, {
    name: 'xterm-256color',
    cols: columns,
    rows,
    env: { ...process.env, ...env },
  });
  let output = '';
  let heard = () => {};
  pty.onData((data) => {
    output += data;
    heard();
  });
  const ended = new Promise((resolve) => pty.onExit(resolve));
  const next = () =>
    new Promise((resolve) => {
      heard = resolve;
    });
  return {
    pid: pty.pid,
    ended,
    output: () => output,
    forget() {
      output = '';
    },
    type: (keys) => pty.write(keys),
    async says(text) {
      const late = delay(60_000, 'late', { ref: false });
      while (!output.includes(text)) {
        if ((await Promise.race([next(), ended, late])) !== undefined)
          throw new Error(`"${text}" did not come: ${output.slice(-2000)}`);
      }
    },
    /** Waits until nothing has come for a while. */
    async quiet() {
      while ((await Promise.race([next().then(() => true), delay(100, false)])) === true);
    },
    async close() {
      pty.kill('SIGTERM');
      const harder = setTimeout(() => pty.kill('SIGKILL'), 2_000);
      await ended;
      clearTimeout(harder);
    },
  };
}

/** The share of one core that a process uses over some seconds, in percent. */
async function usage(pid, seconds) {
  const before = ticks(pid);
  await delay(seconds * 1000);
  return (ticks(pid) - before) / seconds;
}

/** User and system time of a process in hundredths of a second, as Linux counts it (proc(5), fields 14 and 15). */
function ticks(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function median(values) {
  return percentile(values, 0.5);
}

function percentile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)];
}
