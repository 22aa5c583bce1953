import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { findLesson, loadCatalog } from '../../src/course/catalog.ts';
import { openCourseLab } from '../../src/course-lab.ts';
import { openGrader } from '../../src/grading/grader.ts';
import { watchLesson } from '../../src/grading/watch.ts';
import { resolveHome } from '../../src/home.ts';
import { goTo } from '../../src/replay/goto.ts';
import { solve } from '../../src/replay/solve.ts';
import { portOffset } from './cluster.mjs';

const changes = 8;
/** The bound is said for five nodes. */
const nodes = 5;

/**
 * On a live sharded cluster: how long from a change until the check that sees it says so, and what the watcher
 * costs while nothing changes.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[]>}
 */
export async function benchWatch() {
  const home = resolveHome(await mkdtemp(join(tmpdir(), 'msc-bench-')));
  const lab = await openCourseLab(home, { runtime: 'local', portOffset });
  const catalog = await loadCatalog('en');
  const grader = openGrader(lab, 'en');
  const end = new AbortController();
  const client = new MongoClient(`mongodb://127.0.0.1:${27017 + portOffset}/`, { retryWrites: false });
  try {
    const lesson = findLesson(catalog, 'sharding/shard-a-collection');
    await goTo({ catalog, lab, grader, target: lesson });
    await solve({ lab, grader, lesson });

    let passed = true;
    let onChange = () => {};
    const watching = watchLesson(grader, lesson, {
      signal: end.signal,
      onRound: ({ verdict }) => {
        if (verdict.passed === passed) return;
        passed = verdict.passed;
        onChange();
      },
      onProblem: (error) => {
        throw error;
      },
    });

    const users = client.db('somedb').collection('users');
    const delays = [];
    for (let change = 0; change < changes; change += 1) {
      const seen = new Promise((resolve) => {
        onChange = resolve;
      });
      if (change % 2 === 0) await users.deleteOne({ name: 'ly7' });
      else await users.insertOne({ name: 'ly7', age: 7 });
      const begun = performance.now();
      await seen;
      delays.push(performance.now() - begun);
    }

    const seconds = 20;
    const before = process.cpuUsage();
    await delay(seconds * 1000);
    const { user, system } = process.cpuUsage(before);
    const running = (await lab.runtime.services()).length;
    const percent = ((user + system) / 1e6 / seconds) * 100 * (nodes / running);
    end.abort();
    await watching;
    const worst = Math.max(...delays);
    return [
      { name: 'from a change to the check, worst', value: worst, unit: 'ms', bound: 1000, ok: worst <= 1000 },
      {
        name: `watcher at rest, ${nodes} nodes`,
        value: percent,
        unit: '% of a core',
        bound: 3,
        ok: percent <= 3,
      },
    ];
  } finally {
    end.abort();
    await client.close();
    await grader.close();
    await lab.down({ purge: true });
    await rm(home.root, { recursive: true, force: true });
  }
}
