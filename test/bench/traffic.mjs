import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { MongoClient } from 'mongodb';
import { openCourseLab } from '../../src/course-lab.ts';
import { resolveHome } from '../../src/home.ts';
import { readTraffic } from '../../src/shop/traffic/read.ts';
import { startTraffic } from '../../src/shop/traffic/start.ts';
import { stopTraffic } from '../../src/shop/traffic/stop.ts';
import { portOffset } from './cluster.mjs';

const rate = 200;
const seconds = 30;
const assets = new URL('../../assets/shop/shop-data.cjs', import.meta.url);

/**
 * What the traffic's own process costs at 200 requests a second on the real shop of the first stage, and whether it
 * keeps that rate.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[]>}
 */
export async function benchTraffic() {
  const home = resolveHome(await mkdtemp(join(tmpdir(), 'msc-bench-')));
  const lab = await openCourseLab(home, { runtime: 'local', portOffset });
  const client = new MongoClient(`mongodb://127.0.0.1:${27111 + portOffset}/?directConnection=true`);
  try {
    await lab.up('single-node', () => {});
    await client
      .db('shop')
      .collection('products')
      .insertMany(createRequire(import.meta.url)(assets.pathname).products());
    const { pid } = await startTraffic(lab, { rate });
    // Past the compiling of what it runs, and until each second verifies as many orders as it places.
    await delay(10_000);
    const [before, sent] = [await cpuSeconds(pid), readTraffic(home).total.sent];
    await delay(seconds * 1_000);
    const percent = (((await cpuSeconds(pid)) - before) / seconds) * 100;
    const report = readTraffic(home);
    const perSecond = (report.total.sent - sent) / seconds;
    await stopTraffic(home);
    return [
      {
        name: `traffic at ${rate} requests a second`,
        value: percent,
        unit: '% of a core',
        bound: 30,
        ok: percent < 30,
      },
      { name: 'requests it sent per second', value: perSecond, unit: '/s', ok: true },
      { name: 'sent late, at worst', value: report.late.worstMs, unit: 'ms', ok: true },
      {
        name: 'p99 of the shop on one server',
        value: report.total.p99 ?? 0,
        unit: 'ms',
        ok: report.total.ok > 0,
      },
    ];
  } finally {
    await client.close();
    await lab.down({ purge: true });
    await rm(home.root, { recursive: true, force: true });
  }
}

/** Of user and system, since the process began (proc(5); elsewhere ps). */
async function cpuSeconds(pid) {
  if (process.platform === 'linux') {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }
  const { stdout } = await execa('ps', ['-o', 'time=', '-p', String(pid)]);
  return stdout.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
