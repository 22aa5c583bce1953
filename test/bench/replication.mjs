import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadCatalog } from '../../src/course/catalog.ts';
import { openCourseLab } from '../../src/course-lab.ts';
import { openGrader } from '../../src/grading/grader.ts';
import { resolveHome } from '../../src/home.ts';
import { findProgram } from '../../src/lab/local/programs/programs.ts';
import { goTo } from '../../src/replay/goto.ts';
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
    ups.push(await inFolder((folder) => upFromNothing(folder, 'replication')));
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

async function gotoFromNothing(folder) {
  const lab = await openCourseLab(resolveHome(join(folder, 'home')), { runtime: 'local', portOffset });
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
    return { lesson: target.id, seconds, ...(await heldByAll(services)) };
  } finally {
    await grader.close();
    await lab.down({ purge: true });
  }
}
