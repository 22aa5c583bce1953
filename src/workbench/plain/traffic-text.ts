import type { TrafficReport } from '../../shop/traffic/report.js';
import { lostWords, outageWords, trafficWords } from '../../shop/traffic/words.js';
import type { WorkbenchState } from '../state/state.js';

/** How the shop's customers fare, in sentences: nothing is drawn here. */
export function trafficText({ traffic }: WorkbenchState): readonly string[] {
  return traffic === undefined
    ? ['No customers are sent to the shop. The words traffic start send some.']
    : trafficWords(traffic);
}

/** What is to be said by itself: that traffic begins and ends, an outage too, and that orders are lost. */
export function trafficChanges(
  was: TrafficReport | undefined,
  is: TrafficReport | undefined,
): readonly string[] {
  if (is === undefined || is === was) return [];
  if (was?.pid !== is.pid) return trafficWords(is).slice(0, is.state === 'running' ? 1 : undefined);
  if (was.state !== is.state) return trafficWords(is);
  return [...outageChanges(was, is), ...lostChanges(was, is)];
}

function outageChanges(was: TrafficReport, is: TrafficReport): readonly string[] {
  const [before, now] = [was.outages.at(-1), is.outages.at(-1)];
  if (now === undefined) return [];
  if (now.to === undefined) return before?.from === now.from ? [] : ['Orders fail now.'];
  return before?.to === now.to ? [] : [`Orders are acknowledged again. Outage: ${outageWords(now)}.`];
}

function lostChanges(was: TrafficReport, is: TrafficReport): readonly string[] {
  const [before, now] = [was.orders.lost, is.orders.lost];
  return before.one === now.one && before.majority === now.majority ? [] : [`${lostWords(is)}.`];
}
