import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from '../lab/lab.js';
import { lastWords } from '../lab/local/failure.js';
import { startServer } from '../lab/local/servers.js';
import { lockHolder } from '../machine/lock.js';
import { packageRoot } from '../package.js';
import { Problem, usageProblem } from '../problem.js';
import { examPlaces } from './places.js';
import { readExam } from './read.js';
import type { ExamReport } from './report.js';

/** What its process is told, as JSON in its one argument. */
export interface ExamOrder {
  /** The root of the home. */
  readonly home: string;
  readonly seed: number;
}

/** How long its process has to write its first report, in milliseconds. */
const startsWithin = 20_000;
const largestSeed = 2 ** 31 - 1;

/**
 * Begins the exam on this lab, in a process that outlives this one and ends by itself. Resolves with its first report.
 * Throws `absurd-seed`, `no-gateway`, `exam-running` (a home has one) and `exam-not-started`.
 */
export async function startExam(lab: Lab, { seed }: { seed?: number | undefined } = {}): Promise<ExamReport> {
  const chosen = seed ?? Math.floor(Math.random() * 1_000);
  if (!Number.isInteger(chosen) || chosen < 0 || chosen > largestSeed)
    throw usageProblem(
      'absurd-seed',
      `${chosen} is no seed.`,
      `Choose a whole number from 0 to ${largestSeed}.`,
    );
  const gateway = (await lab.runtime.services()).find(({ name }) => name === 'gateway');
  if (gateway?.state !== 'running') {
    throw new Problem('no-gateway', 'The exam is held at the front door, and no gateway runs.', {
      remedy: 'mongo-scale-course goto gateway/black-friday',
    });
  }
  const { home } = lab;
  const { lock, log } = examPlaces(home);
  const holder = await lockHolder(lock);
  if (holder) throw running(holder.pid);

  const order: ExamOrder = { home: home.root, seed: chosen };
  const server = startServer(
    {
      file: process.execPath,
      args: [join(packageRoot, 'dist', 'src', 'exam', 'main.js'), JSON.stringify(order)],
      // As the lab's servers are marked: a purge finds it by that even where its notes are lost.
      env: { MSC_LAB: home.lab, MSC_SERVICE: 'exam' },
      cwd: home.root,
      runs: 'exam',
    },
    log,
  );
  const ended = server.ended.then((code) => ({ code }));
  const deadline = Date.now() + startsWithin;
  for (;;) {
    const end = await Promise.race([ended, delay(50)]);
    const report = readExam(home);
    if (report?.pid === server.identity?.pid && report) return report;
    const quicker = end ? await lockHolder(lock) : undefined;
    if (quicker) throw running(quicker.pid);
    if (end || Date.now() > deadline) {
      const words = await lastWords(log);
      throw new Problem('exam-not-started', `The exam did not begin${words ? `: ${words}` : '.'}`, {
        remedy: `Its log is ${log}.`,
      });
    }
  }
}

function running(pid: number): Problem {
  return new Problem('exam-running', `An exam is under way on this lab (process ${pid}).`, {
    remedy: 'See it: mongo-scale-course exam status. Break it off: mongo-scale-course exam stop',
  });
}
