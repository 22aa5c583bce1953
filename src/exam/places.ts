import { join } from 'node:path';
import type { Home } from '../home.js';

/** Where the exam of a home keeps what it writes. Below the lab: a purge removes it. */
export function examPlaces(home: Pick<Home, 'lab' | 'logs'>) {
  const folder = join(home.lab, 'exam');
  return {
    folder,
    report: join(folder, 'report.json'),
    /** Held by its process, so that there is one in a home. */
    lock: join(folder, 'lock'),
    log: join(home.logs, 'exam.log'),
  };
}
