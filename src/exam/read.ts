import { readFileSync } from 'node:fs';
import type { Home } from '../home.js';
import { dropped } from '../machine/debug-log.js';
import { writerLives } from '../machine/report-writer.js';
import { examPlaces } from './places.js';
import type { ExamReport, WrittenExam } from './report.js';

/** The last report of this home's exam; undefined where there was none since the lab was made. */
export function readExam(home: Pick<Home, 'lab' | 'logs'>): ExamReport | undefined {
  let written: WrittenExam;
  try {
    written = JSON.parse(readFileSync(examPlaces(home).report, 'utf8'));
  } catch (error) {
    dropped(error);
    // None yet; a damaged one was damaged by somebody else, and the next report heals it.
    return undefined;
  }
  const { processStartedAt: _, ...report } = written;
  return { ...report, state: written.state === 'running' && !writerLives(written) ? 'dead' : written.state };
}
