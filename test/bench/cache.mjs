import { join } from 'node:path';
import { findLesson, loadCatalog } from '../../src/course/catalog.ts';
import { openCourseLab } from '../../src/course-lab.ts';
import { openGrader } from '../../src/grading/grader.ts';
import { resolveHome } from '../../src/home.ts';
import { openClients } from '../../src/lab/observe/clients.ts';
import { goTo } from '../../src/replay/goto.ts';
import { solve } from '../../src/replay/solve.ts';
import { inFolder, median, portOffset } from './cluster.mjs';

const rounds = 7;

/**
 * What the first cache of the course is worth: the slow page asked for with nothing in Redis, and once more, each
 * round from an empty Redis.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[]>}
 */
export async function benchCache() {
  const { first, second } = await inFolder(askTwice);
  const quicker = median(first) / median(second);
  return [
    { name: 'best sellers, first call', value: median(first), unit: 'ms', ok: true },
    { name: 'best sellers, second call', value: median(second), unit: 'ms', ok: true },
    { name: 'first call / second call', value: quicker, unit: 'x', bound: 10, ok: quicker >= 10 },
  ];
}

async function askTwice(folder) {
  const lab = await openCourseLab(resolveHome(join(folder, 'home')), { runtime: 'local', portOffset });
  const catalog = await loadCatalog();
  const grader = openGrader(lab, 'en');
  const clients = openClients(lab.runtime);
  try {
    const lesson = findLesson(catalog, 'caching/cache-aside');
    await goTo({ catalog, lab, grader, target: lesson });
    await solve({ lab, grader, lesson });
    const redis = await clients.redis('redis');
    const url = `http://${lab.runtime.address('shop1')}/products/best-sellers`;
    const times = { first: [], second: [] };
    for (let round = 0; round < rounds; round += 1) {
      await redis.flushall();
      times.first.push(await millisecondsFor(url));
      times.second.push(await millisecondsFor(url));
    }
    return times;
  } finally {
    await clients.close();
    await grader.close();
    await lab.down({ purge: true });
  }
}

async function millisecondsFor(url) {
  const begun = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} says ${response.status}`);
  return performance.now() - begun;
}
