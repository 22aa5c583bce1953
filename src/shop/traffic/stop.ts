import type { Home } from '../../home.js';
import { stopServer } from '../../lab/local/servers.js';
import { lockHolder } from '../../machine/lock.js';
import { trafficPlaces } from './places.js';
import { readTraffic } from './read.js';
import type { TrafficReport } from './report.js';

/**
 * Ends this home's traffic, where there is some: it looks for the orders it has not verified yet, writes its last
 * report and ends. Resolves with that report; undefined where there never was any traffic.
 */
export async function stopTraffic(home: Home): Promise<TrafficReport | undefined> {
  const holder = await lockHolder(trafficPlaces(home).lock);
  if (holder) await stopServer(holder);
  return readTraffic(home);
}
