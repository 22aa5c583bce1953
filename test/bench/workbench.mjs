import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { MongoClient } from 'mongodb';
import { portOffset } from './cluster.mjs';
import { atMost, median, pairedRatio, percentile, plain, timed } from './figures.mjs';
import { main } from './program.mjs';
import { openTerminal, usage } from './terminal.mjs';

const fake = fileURLToPath(new URL('../workbench/support/fake-workbench.mjs', import.meta.url));
const rounds = 15;
/** Milliseconds after which a workbench is at rest: src/workbench/poll-interval.ts. */
const restAfter = 22_000;
const changes = 8;
const changesAtRest = 2;
const echoes = 60;
/** What the screen shows once the list of lessons takes keys, and of the checks of the lesson. */
const listed = /Enter open/;
const passed = /3 of 3 passed/;
const notPassed = /1 of 3 passed/;
/** One picture of the shell pane: what an echo may take longer than in a terminal of its own. */
const frameMs = 33;

/**
 * The workbench in a real pseudo-terminal: how soon it and its list of lessons are there, how soon it shows a change
 * of the lab, how fast a key is echoed in its shell pane, what it costs while a shell prints steadily and at rest.
 * @returns {Promise<import('./figures.mjs').Figure[] | string>}
 */
export async function benchWorkbench() {
  if (process.platform !== 'linux') return 'a process’s use of the processor is read from /proc';
  return [...(await benchLive()), ...(await benchEcho()), await benchSteadyOutput()];
}

/** With a sharded lab up. */
async function benchLive() {
  const home = await mkdtemp(join(tmpdir(), 'msc-bench-'));
  const options = ['--home', home, '--runtime', 'local', '--port-offset', String(portOffset)];
  try {
    await execa(process.execPath, [main, 'goto', 'sharding/shard-a-collection', ...options]);
    return [...(await benchStart(options)), ...(await benchChanges(options))];
  } finally {
    await execa(process.execPath, [main, 'down', '--purge', ...options], { reject: false });
    await rm(home, { recursive: true, force: true });
  }
}

/** The first frame, and the list of lessons once it takes keys. */
async function benchStart(options) {
  const times = { node: [], frame: [], list: [] };
  for (let round = -1; round < rounds; round += 1) {
    const node = await timed(() => openTerminal(process.execPath, ['-e', '0']).ended);
    const workbench = openTerminal(process.execPath, [main, ...options]);
    const started = performance.now();
    await workbench.says('mongo-scale-course');
    const frame = performance.now() - started;
    await workbench.shows(listed);
    const list = performance.now() - started;
    await workbench.close();
    // The first round warms the page cache.
    if (round < 0) continue;
    times.node.push(node);
    times.frame.push(frame);
    times.list.push(list);
  }
  return [
    plain('first frame, lab up', median(times.frame), 'ms'),
    atMost(5, 'first frame / node -e 0', pairedRatio(times.frame, times.node), 'x'),
    plain('list of lessons usable, lab up', median(times.list), 'ms'),
    atMost(7, 'list of lessons usable / node -e 0', pairedRatio(times.list, times.node), 'x'),
  ];
}

/** From a change of the data to the screen, while the learner works and at rest; and what rest costs. */
async function benchChanges(options) {
  await execa(process.execPath, [main, 'solve', 'sharding/shard-a-collection', ...options]);
  const client = new MongoClient(`mongodb://127.0.0.1:${27017 + portOffset}/`, { retryWrites: false });
  const workbench = openTerminal(process.execPath, [main, ...options]);
  try {
    await workbench.shows(listed);
    workbench.type('\r');
    await workbench.shows(passed);
    workbench.type('s');
    await workbench.says('mongos');
    const users = client.db('somedb').collection('users');
    let there = true;
    const change = async () => {
      await (there ? users.deleteOne({ name: 'ly7' }) : users.insertOne({ name: 'ly7', age: 7 }));
      there = !there;
      return timed(() => workbench.shows(there ? passed : notPassed));
    };
    const atWork = [];
    for (let count = 0; count < changes; count += 1) atWork.push(await change());
    // No key and no change: the workbench looks less closely after a while.
    await delay(restAfter);
    const idle = await usage(workbench.pid, 20);
    const atRest = [await change()];
    while (atRest.length < changesAtRest) {
      await delay(restAfter);
      atRest.push(await change());
    }
    return [
      atMost(1_000, 'from a change to the screen, worst', Math.max(...atWork), 'ms'),
      atMost(2_500, 'from a change to the screen at rest, worst', Math.max(...atRest), 'ms'),
      atMost(3, 'at rest, lab up, shell open', idle, '% of a core'),
    ];
  } finally {
    await workbench.close();
    await client.close();
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
    plain('key to echo in bash alone, p95', percentile(times.bare, 0.95), 'ms'),
    plain('key to echo in the pane, median', median(times.pane), 'ms'),
    atMost(frameMs, 'key to echo, slower in the pane, p95', slower, 'ms'),
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
  await workbench.shows(listed);
  workbench.type('\r');
  await workbench.says('(8 min)');
  workbench.type('s');
  await workbench.says('shell> ');
  return workbench;
}
