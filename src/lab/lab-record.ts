import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from '../home.js';
import { fileProblem } from '../machine/file-problem.js';
import { withLock } from '../machine/lock.js';
import { Problem } from '../problem.js';
import type { RuntimeKind } from './runtime.js';

/** What is remembered of a lab between two commands. A lab keeps its runtime and ports until it is purged. */
export interface LabRecord {
  readonly runtime: RuntimeKind;
  readonly portOffset: number;
  /** Tells this lab from a later one in the same home. */
  readonly born: string;
  /** Lessons that were passed on this very data: what `goto` need not do again. */
  readonly passed: readonly string[];
}

/** The record of this home's lab; undefined where there is none. Throws `lab-damaged`. */
export function readLabRecord(home: Home): LabRecord | undefined {
  if (!existsSync(home.labState)) return undefined;
  try {
    const record = JSON.parse(readFileSync(home.labState, 'utf8')) as LabRecord;
    const sound =
      ['docker', 'local'].includes(record.runtime) &&
      Number.isInteger(record.portOffset) &&
      typeof record.born === 'string' &&
      Array.isArray(record.passed);
    if (!sound) throw new Error('it is not what the course writes');
    return record;
  } catch (cause) {
    throw new Problem('lab-damaged', `${home.labState} is damaged: ${(cause as Error).message}.`, {
      remedy: 'Start with an empty lab (your progress is kept): mongo-scale-course down --purge',
      cause,
    });
  }
}

/** Writes the record of a new lab, unless another process was quicker; returns the one that holds. */
export function beginLabRecord(
  home: Home,
  lab: Pick<LabRecord, 'runtime' | 'portOffset'>,
): Promise<LabRecord> {
  return alone(home, async () => {
    const record = readLabRecord(home) ?? {
      ...lab,
      born: `${new Date().toISOString()} ${process.pid}`,
      passed: [],
    };
    await write(home, record);
    return record;
  });
}

/** Writes the record of a lab whose data has just been put there, with the lessons that were passed on it. */
export function replaceLabRecord(
  home: Home,
  { runtime, portOffset, passed }: Omit<LabRecord, 'born'>,
): Promise<void> {
  const born = `${new Date().toISOString()} ${process.pid}`;
  return alone(home, () => write(home, { runtime, portOffset, born, passed }));
}

/** Takes the record away again: of a lab that never started, so that it may be tried on other ports. */
export function forgetLabRecord(home: Home): Promise<void> {
  return rm(home.labState, { force: true });
}

/** Notes that a lesson was passed, unless the lab it was passed on is gone by now. */
export async function addPassed(home: Home, born: string, lesson: string): Promise<void> {
  const holds = (record: LabRecord | undefined): record is LabRecord =>
    record?.born === born && !record.passed.includes(lesson);
  if (!holds(readLabRecord(home))) return;
  await alone(home, async () => {
    const record = readLabRecord(home);
    if (holds(record)) await write(home, { ...record, passed: [...record.passed, lesson] });
  });
}

async function write(home: Home, record: LabRecord): Promise<void> {
  // Most commands only read the record.
  const { default: writeFileAtomic } = await import('write-file-atomic');
  try {
    await writeFileAtomic(home.labState, JSON.stringify(record));
  } catch (cause) {
    throw fileProblem(cause, home.labState);
  }
}

/** Two processes may note something at once (a workbench and `check --watch`): one after the other. */
function alone<T>(home: Home, work: () => Promise<T>): Promise<T> {
  const lock = join(home.lab, 'record.lock');
  return withLock(
    lock,
    { purpose: 'lab record', patience: 5_000 },
    ({ pid }) => {
      return new Problem('lab-busy', `Process ${pid} is noting something about this lab and does not end.`, {
        remedy: 'Try again; if it stays so, end that process.',
      });
    },
    work,
  );
}
