import stringWidth from 'string-width';
import type { TrafficReport, TrafficSecond } from '../../shop/traffic/report.js';
import { type TrafficOptions, trafficSettings } from '../../shop/traffic/settings.js';
import { sparkline } from '../../shop/traffic/sparkline.js';
import { concernWords, lostWords, milliseconds } from '../../shop/traffic/words.js';
import type { TrafficAct } from '../course-session.js';
import type { WorkbenchState } from '../state/state.js';
import { cut } from '../text/columns.js';
import { theme } from '../theme.js';

export function trafficTitle(act: TrafficAct): string {
  return act === 'start' ? 'Send customers to the shop' : 'Send no more customers';
}

/** What the customers of the open lesson do, and how they end. */
export function trafficEffects(act: TrafficAct, options: TrafficOptions | undefined): string {
  if (act === 'stop') {
    return 'The traffic ends when those who wait have their answer and every acknowledged order was looked for. T sends customers again.';
  }
  const { rate, orders, minutes, w } = trafficSettings(options);
  const whose = options === undefined ? '' : 'As this lesson asks for it, ';
  const what = orders === 0 ? 'none is an order' : `${orders} of 100 are orders with w: ${concernWords(w)}`;
  return `${whose}${rate} requests a second go to the shop, ${what}, for ${minutes} minutes at most: also when you leave the workbench. Every order that the shop acknowledges is looked for later. Another rate: mongo-scale-course traffic start --rate N`;
}

/** A sparkline shorter than this says nothing; one longer than this nothing more. */
const shortestSparkline = 8;
const longestSparkline = 60;

/** What customers see of the shop, in one line: none without traffic. */
export function trafficLine({ traffic }: WorkbenchState, width: number): readonly string[] {
  if (traffic === undefined) return [];
  const wide = parts(traffic, lostWords(traffic));
  const { lost } = traffic.orders;
  const fits = stringWidth(wide) + shortestSparkline + 4 <= width;
  const text = fits ? wide : parts(traffic, `${lost.one + lost.majority} lost`);
  const room = Math.min(longestSparkline, width - stringWidth(text) - 4);
  const spark = room < shortestSparkline ? '' : `  ${rateLine(traffic.seconds.slice(-room))}`;
  return [` ${cut(text + spark, width - 2)}`];
}

function parts(report: TrafficReport, lost: string): string {
  const { now, total, orders, outages } = report;
  const gone = orders.lost.one + orders.lost.majority > 0;
  const outage = outages.at(-1);
  const running = report.state === 'running';
  const errors = running ? `${now.errors} errors/s` : `${total.failed} failed`;
  const failing = running ? now.errors > 0 : total.failed > 0;
  return [
    running
      ? `traffic ${now.ok}/s`
      : report.state === 'dead'
        ? 'traffic: its process is gone'
        : 'traffic ended',
    `p95 ${milliseconds(running ? now.p95 : total.p95)}`,
    failing ? theme.wrong(errors) : errors,
    gone ? theme.wrong(lost) : lost,
    outage === undefined ? '' : outageWords(outage),
  ]
    .filter((part) => part !== '')
    .join(theme.dim(' · '));
}

function outageWords({ ms, to }: TrafficReport['outages'][number]): string {
  const length = `${(ms / 1_000).toFixed(1)} s`;
  return to === undefined ? theme.wrong(`orders fail since ${length}`) : `outage ${length}`;
}

/** Requests answered well in each second; where some failed the bar is marked, and it is lower. */
function rateLine(seconds: readonly TrafficSecond[]): string {
  const bars = [...sparkline(seconds.map(({ ok }) => ok))];
  return bars.map((bar, index) => (seconds[index]?.failed ? theme.wrong(bar) : theme.pass(bar))).join('');
}
