import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { openCourseLab } from '../../src/course-lab.ts';
import { resolveHome } from '../../src/home.ts';
import { findProgram } from '../../src/lab/local/programs/programs.ts';
import { bareMongods, inFolder, portOffset } from './cluster.mjs';
import { atMost, median, pairedRatio, plain } from './figures.mjs';

const rounds = 5;
const mebibyte = 1024 * 1024;

/**
 * How long `up sharding` takes from nothing, programs cached, until all five servers answer, against as many bare
 * mongods as it has, started side by side in the same run; and what each of its mongods holds in memory at rest.
 * @returns {Promise<import('./figures.mjs').Figure[]>}
 */
export async function benchUp() {
  for (const name of ['mongod', 'mongosh']) await findProgram(name);
  const times = { bare: [], up: [] };
  let held = [];
  for (let round = 0; round < rounds; round += 1) {
    const lab = await inFolder(upSharding);
    times.up.push(lab.milliseconds);
    held = lab.held;
    times.bare.push(await inFolder((folder) => bareMongods(folder, held.length)));
  }
  return [
    plain(`${held.length} bare mongods answer`, median(times.bare), 'ms'),
    plain('up sharding, all five answer', median(times.up), 'ms'),
    atMost(1.5, `up sharding / ${held.length} bare mongods`, pairedRatio(times.up, times.bare), 'x'),
    ...held.map(({ name, bytes }) => atMost(130, `${name} resident at rest`, bytes / mebibyte, 'MiB')),
  ];
}

async function upSharding(folder) {
  const lab = await openCourseLab(resolveHome(join(folder, 'home')), { runtime: 'local', portOffset });
  try {
    const start = performance.now();
    await lab.up('sharding', () => {});
    const milliseconds = performance.now() - start;
    const mongods = (await lab.runtime.services()).filter(({ program }) => program === 'mongod');
    const held = await Promise.all(
      mongods.map(async ({ name, pid }) => ({ name, bytes: await residentBytes(pid) })),
    );
    return { milliseconds, held };
  } finally {
    await lab.down({ purge: true });
  }
}

/**
 * What it has of its own and what it shares with other mongods, so that it does not matter how many of those run.
 * VmRSS of /proc/PID/status is in kB, as is `ps -o rss=` elsewhere.
 */
async function residentBytes(pid) {
  if (process.platform === 'linux') {
    return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
  }
  return Number((await execa('ps', ['-o', 'rss=', '-p', String(pid)])).stdout) * 1024;
}
