import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCourseLab } from '../../src/course-lab.ts';
import { resolveHome } from '../../src/home.ts';
import { findProgram } from '../../src/lab/local/programs/programs.ts';
import { untilAnswers } from '../../src/lab/readiness.ts';
import { median } from './figures.mjs';

export { median };

/** Away from a lab that may be up, and from the offsets that tests claim. Another one lets two benches run at once. */
export const portOffset = Number(process.env.MSC_BENCH_OFFSET ?? 5_500);
/** What a whole cluster is compared with: as many mongods as it has, without anything else. */
export const bareServers = 12;
export const gibibyte = 1024 ** 3;

/** Does the work in a folder of its own, which is gone afterwards. */
export async function inFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'msc-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds until so many bare mongods, started side by side, all answer. */
export async function bareMongods(folder, count = bareServers) {
  const { file } = await findProgram('mongod');
  const ports = Array.from({ length: count }, (_, index) => 27111 + portOffset + index);
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

/** Milliseconds until a stage that was never up answers. */
export async function upFromNothing(folder, stage) {
  const lab = await openCourseLab(resolveHome(join(folder, 'home')), { runtime: 'local', portOffset });
  try {
    const begun = performance.now();
    await lab.up(stage, () => {});
    return performance.now() - begun;
  } finally {
    await lab.down({ purge: true });
  }
}

/** What processes hold, in bytes; `measure` says of which kind. */
export async function heldByAll(services) {
  const sizes = await Promise.all(services.map(({ pid }) => heldBytes(pid)));
  return {
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    measure: process.platform === 'linux' ? 'Pss' : 'RSS',
  };
}

/** Linux says what a process has for itself and its share of what it has with others; elsewhere it is all of both. */
async function heldBytes(pid) {
  if (process.platform === 'linux') {
    return Number(/^Pss:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) * 1024;
  }
  const { execa } = await import('execa');
  return Number((await execa('ps', ['-o', 'rss=', '-p', String(pid)])).stdout) * 1024;
}
