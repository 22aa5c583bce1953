import { join } from 'node:path';
import { findLesson, loadCatalog } from '../../dist/src/course/catalog.js';
import { readExam } from '../../dist/src/exam/read.js';
import { startExam } from '../../dist/src/exam/start.js';
import { goTo } from '../../dist/src/grading/goto.js';
import { openGrader } from '../../dist/src/grading/grader.js';
import { solve } from '../../dist/src/grading/solve.js';
import { resolveHome } from '../../dist/src/home.js';
import { openLab } from '../../dist/src/lab/lab.js';
import { inFolder, portOffset } from './cluster.mjs';

/** The same each time, so that a run that fails can be had again. */
const seeds = [1, 2, 3, 4];

/**
 * Chaos: the last lesson's solution on a real lab, and the exam again and again on what it leaves, five runs in all,
 * each with other faults in another order. None may be failed.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[]>}
 */
export async function benchExam() {
  const reports = await inFolder(holdExams);
  const passed = reports.filter((report) => report.passed).length;
  const worst = Math.max(...reports.map(({ rush }) => (rush.failed * 100) / rush.requests));
  const slowest = Math.max(...reports.map(({ rush }) => rush.p95));
  return [
    {
      name: `exams passed of ${reports.length}`,
      value: passed,
      unit: '',
      bound: reports.length,
      ok: passed === reports.length,
    },
    { name: 'requests that failed, at worst', value: worst, unit: '%', bound: 1, ok: worst < 1 },
    { name: 'p95 in the rush, at worst', value: slowest, unit: 'ms', ok: true },
  ];
}

async function holdExams(folder) {
  const home = resolveHome(join(folder, 'home'));
  const lab = await openLab(home, { runtime: 'local', portOffset });
  const catalog = await loadCatalog();
  const grader = openGrader(lab, 'en');
  const lesson = findLesson(catalog, 'gateway/black-friday');
  const reports = [];
  try {
    await goTo({ catalog, lab, grader, target: lesson });
    await solve({ lab, grader, lesson });
    reports.push(tell(readExam(home)));
    for (const seed of seeds) {
      await startExam(lab, { seed });
      let report = readExam(home);
      while (report.state === 'running') {
        await new Promise((resolve) => setTimeout(resolve, 500));
        report = readExam(home);
      }
      reports.push(tell(report));
    }
    return reports;
  } finally {
    await grader.close();
    await lab.down({ purge: true });
  }
}

/** Each run as it ends: a bench of eight minutes should not be silent. */
function tell(report) {
  const { seed, passed, brokenBy, problem, rush, invariants } = report;
  const words = invariants.map(({ id, state, observed }) => `${id} ${state}: ${observed}`).join('; ');
  console.log(
    `    seed ${seed}: ${passed ? 'passed' : `not passed (${problem ?? brokenBy ?? '-'})`}: ${words}`,
  );
  return { ...report, rush: rush ?? { failed: 0, requests: 1, p95: 0 } };
}
