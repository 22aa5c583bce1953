import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { findLesson, loadCatalog } from '../../src/course/catalog.ts';
import { openCourseLab } from '../../src/course-lab.ts';
import { openGrader } from '../../src/grading/grader.ts';
import { resolveHome } from '../../src/home.ts';
import { findProgram } from '../../src/lab/local/programs/programs.ts';
import { goTo } from '../../src/replay/goto.ts';
import { productIds } from '../../src/shop/traffic/mix.ts';
import {
  bareMongods,
  bareServers,
  gibibyte,
  heldByAll,
  inFolder,
  median,
  portOffset,
  upFromNothing,
} from './cluster.mjs';

const rounds = 3;
/** Customers at once, and the seconds that they ask without a pause. */
const atOnce = 16;
const askingSeconds = 4;

/**
 * The gateway stage, programs cached: how long `up` takes from nothing until every server answers, against bare
 * mongods side by side in the same run; what all its processes hold in memory at rest; and how many requests for a
 * product pass through the gateway, against as many asked of the same shop directly.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[]>}
 */
export async function benchGateway() {
  for (const name of ['mongod', 'mongosh', 'redis-server', 'traefik']) await findProgram(name);
  const bare = [];
  const ups = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await inFolder(bareMongods));
    ups.push(await inFolder((folder) => upFromNothing(folder, 'gateway')));
  }
  const ratio = median(ups) / median(bare);
  const { bytes, measure, direct, through } = await inFolder(atRestAndBusy);
  const held = bytes / gibibyte;
  const share = through / direct;
  return [
    { name: `${bareServers} bare mongods answer`, value: median(bare), unit: 'ms', ok: true },
    { name: 'up gateway, every server answers', value: median(ups), unit: 'ms', ok: true },
    { name: 'up gateway / bare mongods', value: ratio, unit: 'x', bound: 5, ok: ratio <= 5 },
    { name: `all at rest (${measure})`, value: held, unit: 'GiB', bound: 3.2, ok: held <= 3.2 },
    { name: 'products from a shop, directly', value: direct, unit: '/s', ok: true },
    { name: 'products through the gateway', value: through, unit: '/s', ok: true },
    { name: 'through the gateway / directly', value: share, unit: 'x', bound: 0.6, ok: share >= 0.6 },
  ];
}

async function atRestAndBusy(folder) {
  const home = resolveHome(join(folder, 'home'));
  const lab = await openCourseLab(home, { runtime: 'local', portOffset });
  const catalog = await loadCatalog();
  const grader = openGrader(lab, 'en');
  try {
    await goTo({ catalog, lab, grader, target: findLesson(catalog, 'gateway/two-instances') });
    // What was just typed settles: initial syncs, checkpoints.
    await delay(15_000);
    const services = (await lab.runtime.services()).filter(({ pid }) => pid !== undefined);
    const held = await heldByAll(services);
    const rates = { shop1: [], gateway: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const service of ['shop1', 'gateway'])
        rates[service].push(await ratePerSecond(`http://${lab.runtime.address(service)}`));
    }
    return { ...held, direct: median(rates.shop1), through: median(rates.gateway) };
  } finally {
    await grader.close();
    await lab.down({ purge: true });
  }
}

/** As many requests as are answered, each customer asking again as soon as he has his answer. */
async function ratePerSecond(url) {
  const pool = new Pool(url, { connections: atOnce });
  const products = productIds();
  const begun = performance.now();
  const end = begun + askingSeconds * 1_000;
  let answered = 0;
  const customer = async (first) => {
    for (let n = first; performance.now() < end; n += 1) {
      const { statusCode, body } = await pool.request({
        method: 'GET',
        path: `/products/${products[n % products.length]}`,
      });
      await body.dump();
      if (statusCode !== 200) throw new Error(`${url} says ${statusCode}`);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, index) => customer(index * 7)));
  const seconds = (performance.now() - begun) / 1_000;
  await pool.close();
  return answered / seconds;
}
