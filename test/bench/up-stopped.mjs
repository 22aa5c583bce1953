import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { findLesson, loadCatalog } from '../../src/course/catalog.ts';
import { openCourseLab } from '../../src/course-lab.ts';
import { openGrader } from '../../src/grading/grader.ts';
import { resolveHome } from '../../src/home.ts';
import { findProgram } from '../../src/lab/local/programs/programs.ts';
import { openStateFile } from '../../src/lab/local/state.ts';
import { untilAnswers } from '../../src/lab/readiness.ts';
import { electPrimaries } from '../../src/lab/replica-sets/elections.ts';
import { goTo } from '../../src/replay/goto.ts';
import { inFolder, median, portOffset } from './cluster.mjs';

const rounds = 3;
const target = 'replication/kill-a-primary';
/** Three shards and the config servers. */
const sets = 4;

/**
 * How long `up` takes on a whole cluster that was stopped (twelve mongods, four replica sets) until every set has a
 * primary, against as many bare mongods on the same data until each answers.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[]>}
 */
export async function benchUpStopped() {
  for (const name of ['mongod', 'mongosh']) await findProgram(name);
  const { bare, ups } = await inFolder(measure);
  const ratio = median(ups) / median(bare);
  return [
    { name: 'bare mongods on the data of a lab answer', value: median(bare), unit: 'ms', ok: true },
    { name: 'up of a stopped lab, all have primaries', value: median(ups), unit: 'ms', ok: true },
    { name: 'up of a stopped lab / bare mongods', value: ratio, unit: 'x', bound: 2, ok: ratio <= 2 },
  ];
}

async function measure(folder) {
  const home = resolveHome(join(folder, 'home'));
  const lab = await openCourseLab(home, { runtime: 'local', portOffset });
  const catalog = await loadCatalog();
  const grader = openGrader(lab, 'en');
  const bare = [];
  const ups = [];
  try {
    await goTo({ catalog, lab, grader, target: findLesson(catalog, target) });
    for (let round = 0; round < rounds; round += 1) {
      await lab.down({ purge: false });
      bare.push(await bareOnData(lab, home));
      ups.push(await upWithPrimaries(lab));
    }
    return { bare, ups };
  } finally {
    await grader.close();
    await lab.down({ purge: true });
  }
}

/** The very processes that the course starts, started by nobody but this: same data, same arguments. */
async function bareOnData(lab, home) {
  const services = lab.runtime.stack().services.filter(({ program }) => program === 'mongod');
  const recorded = openStateFile(home).read().services;
  const begun = performance.now();
  const mongods = services.map(({ name }) => {
    const { file, args } = recorded[name].launch;
    return spawn(file, args, { stdio: 'ignore' });
  });
  await Promise.all(
    services.map((service) => untilAnswers(service, service.ports[0], AbortSignal.timeout(60_000))),
  );
  const milliseconds = performance.now() - begun;
  await Promise.all(
    mongods.map((mongod) => {
      mongod.kill('SIGTERM');
      return once(mongod, 'exit');
    }),
  );
  return milliseconds;
}

async function upWithPrimaries(lab) {
  const begun = performance.now();
  await lab.up(lab.stage(), () => {});
  // Of sets that have a primary it only says so.
  const primaries = await electPrimaries(lab.runtime);
  if (primaries.length !== sets) throw new Error(`Only ${primaries.join(', ')} are primaries.`);
  return performance.now() - begun;
}
