import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadCatalog } from '../../dist/src/course/catalog.js';
import { goTo } from '../../dist/src/grading/goto.js';
import { openGrader } from '../../dist/src/grading/grader.js';
import { resolveHome } from '../../dist/src/home.js';
import { openLab } from '../../dist/src/lab/lab.js';
import { findProgram } from '../../dist/src/lab/local/programs.js';
import { untilAnswers } from '../../dist/src/lab/readiness.js';

/** Away from a lab that may be up, and from the offsets that tests claim. */
const portOffset = 5_500;
const rounds = 3;
/** What is compared with: as many mongods as the stage has, without anything else. */
const bareServers = 12;
const gibibyte = 1024 ** 3;

/**
 * The replication stage, programs cached: how long `up` takes from nothing until every server answers, against bare
 * mongods side by side in the same run; how long `goto` takes from nothing to the first lesson on the whole cluster
 * (three sets of three, sharded, data loaded); and what all its processes hold in memory at rest.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[]>}
 */
export async function benchReplication() {
  for (const name of ['mongod', 'mongosh']) await findProgram(name);
  const bare = [];
  const ups = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await inFolder(bareMongods));
    ups.push(await inFolder(upFromNothing));
  }
  const ratio = median(ups) / median(bare);
  const { lesson, seconds, bytes, measure } = await inFolder(gotoFromNothing);
  const held = bytes / gibibyte;
  return [
    { name: `${bareServers} bare mongods answer`, value: median(bare), unit: 'ms', ok: true },
    { name: 'up replication, every server answers', value: median(ups), unit: 'ms', ok: true },
    { name: 'up replication / bare mongods', value: ratio, unit: 'x', bound: 3, ok: ratio <= 3 },
    { name: `goto ${lesson} from nothing`, value: seconds, unit: 's', bound: 45, ok: seconds <= 45 },
    { name: `all at rest (${measure})`, value: held, unit: 'GiB', bound: 2.6, ok: held <= 2.6 },
  ];
}

async function inFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'msc-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bareMongods(folder) {
  const { file } = await findProgram('mongod');
  const ports = Array.from({ length: bareServers }, (_, index) => 27111 + portOffset + index);
  for (const port of ports) mkdirSync(join(folder, String(port)));
  const begun = performance.now();
  const mongods = ports.map((port) => {
    const args = ['--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', join(folder, String(port))];
    return spawn(file, [...args, '--wiredTigerCacheSizeGB', '0.25'], { stdio: 'ignore' });
  });
  await Promise.all(
    ports.map((port) => untilAnswers({ program: 'mongod' }, port, AbortSignal.timeout(60_000))),
  );
  const milliseconds = performance.now() - begun;
  await Promise.all(
    mongods.map((mongod) => {
      mongod.kill('SIGKILL');
      return once(mongod, 'exit');
    }),
  );
  return milliseconds;
}

async function upFromNothing(folder) {
  const lab = await openLab(resolveHome(join(folder, 'home')), { runtime: 'local', portOffset });
  try {
    const begun = performance.now();
    await lab.up('replication', () => {});
    return performance.now() - begun;
  } finally {
    await lab.down({ purge: true });
  }
}

async function gotoFromNothing(folder) {
  const lab = await openLab(resolveHome(join(folder, 'home')), { runtime: 'local', portOffset });
  const catalog = await loadCatalog();
  const grader = openGrader(lab, 'en');
  const ids = catalog.lessons.map(({ id }) => id);
  const target = catalog.lessons[ids.indexOf('replication/whole-cluster') + 1];
  try {
    const begun = performance.now();
    await goTo({ catalog, lab, grader, target });
    const seconds = (performance.now() - begun) / 1000;
    // What was just typed settles: initial syncs, checkpoints.
    await delay(15_000);
    const services = await lab.runtime.services();
    const sizes = await Promise.all(services.map(({ pid }) => heldBytes(pid)));
    return {
      lesson: target.id,
      seconds,
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      measure: process.platform === 'linux' ? 'Pss' : 'RSS',
    };
  } finally {
    await grader.close();
    await lab.down({ purge: true });
  }
}

/** Linux says what a process has for itself and its share of what it has with others; elsewhere it is all of both. */
async function heldBytes(pid) {
  if (process.platform === 'linux') {
    return Number(/^Pss:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) * 1024;
  }
  const { execa } = await import('execa');
  return Number((await execa('ps', ['-o', 'rss=', '-p', String(pid)])).stdout) * 1024;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
