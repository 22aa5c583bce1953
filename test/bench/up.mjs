import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveHome } from '../../src/home.ts';
import { findProgram } from '../../src/lab/local/programs.ts';
import { openLocalRuntime } from '../../src/lab/local/runtime.ts';
import { untilAnswers } from '../../src/lab/readiness.ts';
import { readStack } from '../../src/lab/stack.ts';

/** Away from a lab that may be up, and from the offsets that tests claim. */
const portOffset = 5_500;
const rounds = 5;
const mebibyte = 1024 * 1024;

/**
 * How long `up sharding` takes from nothing, programs cached, until all five servers answer, against one bare
 * mongod from spawn to answer in the same run; and what each mongod holds in memory at rest.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[]>}
 */
export async function benchUp() {
  for (const name of ['mongod', 'mongosh']) await findProgram(name);
  const bare = [];
  const ups = [];
  let resident = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await inFolder(bareMongod));
    await inFolder(async (folder) => {
      const lab = await upSharding(folder);
      ups.push(lab.milliseconds);
      resident = lab.resident;
    });
  }
  const ratio = median(ups) / median(bare);
  return [
    { name: 'one bare mongod answers', value: median(bare), unit: 'ms', ok: true },
    { name: 'up sharding, all five answer', value: median(ups), unit: 'ms', ok: true },
    { name: 'up sharding / bare mongod', value: ratio, unit: 'x', bound: 3, ok: ratio <= 3 },
    ...resident.map(({ name, bytes }) => {
      const value = bytes / mebibyte;
      return { name: `${name} resident at rest`, value, unit: 'MiB', bound: 130, ok: value <= 130 };
    }),
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

async function bareMongod(folder) {
  const { file } = await findProgram('mongod');
  const port = 27111 + portOffset;
  const dbpath = join(folder, 'db');
  mkdirSync(dbpath);
  const begun = performance.now();
  const args = [
    '--port',
    String(port),
    '--bind_ip',
    '127.0.0.1',
    '--dbpath',
    dbpath,
    '--wiredTigerCacheSizeGB',
    '0.25',
  ];
  const mongod = spawn(file, args, { stdio: 'ignore' });
  await untilAnswers({ program: 'mongod' }, port, AbortSignal.timeout(60_000));
  const milliseconds = performance.now() - begun;
  mongod.kill('SIGTERM');
  await once(mongod, 'exit');
  return milliseconds;
}

async function upSharding(folder) {
  const runtime = openLocalRuntime(resolveHome(join(folder, 'home')));
  const stack = readStack('sharding', { portOffset });
  try {
    const begun = performance.now();
    await runtime.up(stack, () => {});
    const milliseconds = performance.now() - begun;
    const mongods = (await runtime.services()).filter(({ program }) => program === 'mongod');
    const resident = await Promise.all(
      mongods.map(async ({ name, pid }) => ({ name, bytes: await residentBytes(pid) })),
    );
    return { milliseconds, resident };
  } finally {
    await runtime.down({ purge: true });
  }
}

/** VmRSS of /proc/PID/status is in kB, as is `ps -o rss=` elsewhere. */
async function residentBytes(pid) {
  if (process.platform === 'linux') {
    return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
  }
  const { execa } = await import('execa');
  return Number((await execa('ps', ['-o', 'rss=', '-p', String(pid)])).stdout) * 1024;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
