import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from '../home.js';
import type { Lab } from '../lab/lab.js';
import { lastWords } from '../lab/local/failure.js';
import { startBackgroundProcess } from '../machine/background-process.js';
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
const startsWithin = 30_000;
/** How long one that is over has to go, in milliseconds. */
const tidiesWithin = 40_000;
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
  await untilTidied(home);
  const order: ExamOrder = { home: home.root, seed: chosen };
  return startBackgroundProcess(home, {
    name: 'exam',
    script: join(packageRoot, 'dist', 'src', 'exam', 'main.js'),
    order,
    lock,
    log,
    within: startsWithin,
    read: () => readExam(home),
    running,
    lastWords,
    notStarted: (words) =>
      new Problem('exam-not-started', `The exam did not begin${words ? `: ${words}` : '.'}`, {
        remedy: `Its log is ${log}.`,
      }),
  });
}

/** An exam that is over has servers to start and customers to send home: it is waited for, until it has gone. */
async function untilTidied(home: Home): Promise<void> {
  const deadline = Date.now() + tidiesWithin;
  while (Date.now() < deadline) {
    if (readExam(home)?.state === 'running' || !(await lockHolder(examPlaces(home).lock))) return;
    await delay(100);
  }
}

function running(pid: number): Problem {
  return new Problem('exam-running', `An exam is under way on this lab (process ${pid}).`, {
    remedy: 'See it: mongo-scale-course exam status. Break it off: mongo-scale-course exam stop',
  });
}
