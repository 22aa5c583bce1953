import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { findLesson, loadCatalog } from '../../src/course/catalog.ts';
import { openCourseLab } from '../../src/course-lab.ts';
import { openGrader } from '../../src/grading/grader.ts';
import { resolveHome } from '../../src/home.ts';
import { removeCheckpoints } from '../../src/lab/checkpoint/store.ts';
import { takeCheckpoint } from '../../src/lab/checkpoint/take.ts';
import { findProgram } from '../../src/lab/local/programs/programs.ts';
import { goTo } from '../../src/replay/goto.ts';
import { occasionOf } from '../../src/replay/lesson-checkpoints.ts';
import { inFolder, median, portOffset } from './cluster.mjs';

/** The ways that took longest before there were checkpoints, one for each set of lessons that build on each other. */
const farLessons = [
  'sharding/hot-shard',
  'replication/kill-a-primary',
  'caching/redis-failover',
  'gateway/black-friday',
];
const rounds = 3;
const takes = 5;

/**
 * How long a learner waits who jumps to a lesson: from an empty home, and with its checkpoint there, against `up` of
 * the same stage from a clean stop. How long a purge takes, and what a client notices while a checkpoint is taken.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[]>}
 */
export async function benchGoto() {
  for (const name of ['mongod', 'mongosh', 'redis-server', 'redis-cli', 'traefik']) await findProgram(name);
  const rows = [];
  for (const lesson of farLessons) rows.push(await inFolder((folder) => fromNothing(folder, lesson)));
  rows.push(...(await inFolder(withCheckpoints)));
  return rows;
}

async function withLab(folder, work) {
  const lab = await openCourseLab(resolveHome(join(folder, 'home')), { runtime: 'local', portOffset });
  const grader = openGrader(lab, 'en');
  const catalog = await loadCatalog();
  const go = (id, options = {}) =>
    timed(() => goTo({ catalog, lab, grader, target: findLesson(catalog, id), ...options }));
  try {
    return await work({ lab, catalog, go });
  } finally {
    await grader.close();
    await lab.down({ purge: true, checkpoints: true });
  }
}

function fromNothing(folder, lesson) {
  return withLab(folder, async ({ go }) =>
    within(`goto ${lesson} from an empty home`, (await go(lesson)) / 1000, 's', 25),
  );
}

function withCheckpoints(folder) {
  return withLab(folder, async ({ lab, catalog, go }) => {
    await go('gateway/black-friday');
    const back = [];
    const forth = [];
    const first = [];
    const ups = { gateway: [], sharding: [], 'single-node': [] };
    const up = async (stage) => {
      await lab.down({ purge: false });
      ups[stage].push(await timed(() => lab.up(stage, () => {})));
    };
    for (let round = 0; round < rounds; round += 1) {
      back.push(await go('sharding/zones'));
      await up('sharding');
      first.push(await go('single-node/read-a-plan'));
      await up('single-node');
      forth.push(await go('gateway/canary'));
      await up('gateway');
    }
    const seconds = (values) => median(values) / 1000;
    const pauses = await pausesOf(lab, catalog);
    const purge = await timed(() => lab.down({ purge: true, checkpoints: true }));
    return [
      within('goto gateway/canary, its checkpoint there', seconds(forth), 's', 6),
      within('  / up of gateway from a clean stop', median(forth) / median(ups.gateway), 'x', 1.5),
      within('goto sharding/zones, back from gateway', seconds(back), 's', 2),
      within('  / up of sharding from a clean stop', median(back) / median(ups.sharding), 'x', 1.5),
      within('goto single-node/read-a-plan, back from sharding', seconds(first), 's', 2),
      within('  / up of single-node from a clean stop', median(first) / median(ups['single-node']), 'x', 1.5),
      // Not its p99: of the thousands of writes meanwhile, only one a checkpoint has to wait.
      within('slowest write while a checkpoint is taken', pauses.slowest, 'ms', 300),
      { name: '  a checkpoint of 12 mongods', value: pauses.take, unit: 'ms', ok: true },
      within('down --purge of gateway', purge / 1000, 's', 1.5),
    ];
  });
}

/** Latencies of a client that writes through the router without a break while checkpoints are taken. */
async function pausesOf(lab, catalog) {
  const client = new MongoClient(`mongodb://${lab.runtime.address('router1')}/`);
  const marks = client.db('bench').collection('marks');
  // The first write makes the database and the collection, which has nothing to do with checkpoints.
  await marks.insertOne({});
  const latencies = [];
  const taken = [];
  let isOver = false;
  const writing = (async () => {
    while (!isOver) latencies.push(await timed(() => marks.insertOne({})));
  })();
  const names = Array.from({ length: takes }, (_, index) => `bench-${index}`);
  const occasion = occasionOf(lab, catalog, findLesson(catalog, 'gateway/canary'));
  for (const name of names) {
    taken.push(await timed(() => takeCheckpoint(lab, { ...occasion, name, kind: 'saved', atStart: false })));
  }
  isOver = true;
  await writing;
  await client.close();
  await removeCheckpoints(lab.home, names);
  return { slowest: Math.max(...latencies), take: median(taken) };
}

async function timed(work) {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function within(name, value, unit, bound) {
  return { name, value, unit, bound, ok: value <= bound };
}
