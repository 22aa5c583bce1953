import { join } from 'node:path';
import type { Home } from '../../home.js';

/** Where customers come in: the front door where the stage has one, else the first shop. */
export const shopDoors: readonly string[] = ['gateway', 'shop1'];

/** Where the traffic of a home keeps what it writes. Below the lab: a purge removes it. */
export function trafficPlaces(home: Pick<Home, 'lab' | 'logs'>): {
  readonly folder: string;
  readonly report: string;
  /** Held by the process itself, so that there is one in a home. */
  readonly lock: string;
  readonly log: string;
} {
  const folder = join(home.lab, 'traffic');
  return {
    folder,
    report: join(folder, 'report.json'),
    lock: join(folder, 'lock'),
    log: join(home.logs, 'traffic.log'),
  };
}
