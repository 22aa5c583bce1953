import type { Home } from '../home.js';
import { openTrafficReader } from '../shop/traffic/read.js';
import type { TrafficReport } from '../shop/traffic/report.js';

/** Milliseconds between two looks for a report: without traffic one costs a `stat`. */
const lookEvery = 500;
/** How long the last report of traffic that has ended is of interest. */
const freshFor = 5 * 60_000;

/**
 * Tells of this home's traffic once a second while there is some, then how it ended for as long as that is fresh,
 * and null when it is not. Gives the function that stops it.
 */
export function followTraffic(home: Home, tell: (traffic: TrafficReport | null) => void): () => void {
  const read = openTrafficReader(home);
  let told = '';
  const look = (): void => {
    const report = read();
    const fresh = report?.state === 'running' || Date.now() - (report?.at ?? 0) < freshFor;
    const now = report !== undefined && fresh ? newsOf(report) : '';
    if (now === told) return;
    told = now;
    tell(now === '' ? null : (report ?? null));
  };
  look();
  const timer = setInterval(look, lookEvery);
  return () => clearInterval(timer);
}

/** What makes a report worth telling: a second that is over, and what must not wait for one. */
function newsOf({ state, pid, seconds, orders, outages }: TrafficReport): string {
  const { lost, duplicates } = orders;
  return [
    state,
    pid,
    seconds.at(-1)?.at,
    lost.one,
    lost.majority,
    duplicates,
    outages.length,
    outages.at(-1)?.to,
  ].join(' ');
}
