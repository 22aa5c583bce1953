import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from '../home.js';
import { killProcess, signalProcess } from '../machine/detached-process.js';
import { lockHolder } from '../machine/lock.js';
import { findProcess } from '../machine/process-table.js';
import { examPlaces } from './places.js';
import { readExam } from './read.js';
import type { ExamReport } from './report.js';

/** Milliseconds in which it starts again what it killed, which a mongod may need a minute for, and ends its customers. */
const patience = 90_000;

/** Breaks this home's exam off, where there is one, and waits until it has tidied up; resolves with its last report. */
export async function stopExam(home: Home, within = patience): Promise<ExamReport | undefined> {
  const holder = await lockHolder(examPlaces(home).lock);
  if (holder) {
    await signalProcess(holder, 'SIGTERM');
    const deadline = Date.now() + within;
    while ((await findProcess(holder)) && Date.now() < deadline) await delay(50);
    if (await findProcess(holder)) await killProcess(holder);
  }
  return readExam(home);
}

export async function isExamRunning(home: Home): Promise<boolean> {
  return (await lockHolder(examPlaces(home).lock)) !== undefined;
}

/** Kills this home's exam, where there is one; what it has broken in the lab stays so. */
export async function killExam(home: Home): Promise<void> {
  const holder = await lockHolder(examPlaces(home).lock);
  if (holder) await killProcess(holder);
}
