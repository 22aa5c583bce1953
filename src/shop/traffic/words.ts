import type { Outage, TrafficReport } from './report.js';
import { sparkline } from './sparkline.js';

/** Seconds in a sparkline, and outages that are told one by one. */
const shownSeconds = 60;
const shownOutages = 5;
/** Later than this a generator does not keep its rate; less is the grain of the system's timers. */
const lateFrom = 100;

type Row = readonly [label: string, text: string];

/** The report for people, as a few aligned lines. */
export function trafficLines(report: TrafficReport): readonly string[] {
  return [...headRows(report), ...drawnRows(report), ...tailRows(report)]
    .filter(([, text]) => text !== '')
    .map(([label, text]) => `${label.padEnd(8)} ${text}`);
}

/** The same as lines of words, for who has them read out: nothing is drawn or aligned. */
export function trafficWords(report: TrafficReport): readonly string[] {
  return [...headRows(report), ...tailRows(report)]
    .filter(([, text]) => text !== '')
    .map(([label, text]) => (label === '' ? text : `${label}: ${text}`));
}

function headRows(report: TrafficReport): readonly Row[] {
  return [
    ['traffic', standing(report)],
    ['now', report.state === 'running' ? nowWords(report) : ''],
    ['in all', totalWords(report)],
    ['', statusWords(report)],
  ];
}

function drawnRows(report: TrafficReport): readonly Row[] {
  const seconds = report.seconds.slice(-shownSeconds);
  const failed = seconds.map((second) => second.failed);
  return [
    ['ok', sparkline(seconds.map(({ ok }) => ok))],
    ['failed', failed.some((number) => number > 0) ? sparkline(failed, report.rate) : ''],
  ];
}

function tailRows(report: TrafficReport): readonly Row[] {
  const { duplicates } = report.orders;
  const outages = report.outages.slice(-shownOutages);
  return [
    ['orders', `${ordersWords(report)}.`],
    ['', duplicates > 0 ? `${count(duplicates)} of them are there twice.` : ''],
    ...outages.map((outage, index): Row => [index === 0 ? 'outages' : '', outageWords(outage)]),
    ['late', lateWords(report)],
  ];
}

/** `19:02:11   50 ok    0 failed  p95 3.2 ms  0 of 231 acknowledged orders lost`: the last whole second. */
export function lastSecondWords(report: TrafficReport): string {
  const second = report.seconds.at(-1);
  if (second === undefined) return '';
  const { at, ok, failed, p95 } = second;
  const figures = [
    `${ok} ok`.padStart(7),
    `${failed} failed`.padStart(10),
    `p95 ${milliseconds(p95)}`.padEnd(11),
  ];
  return [clockTime(at), ...figures, lostWords(report)].join('  ');
}

/** `0 of 5,231 acknowledged orders lost; 12 still to be looked for` */
export function ordersWords(report: Pick<TrafficReport, 'orders'>): string {
  const { unverified } = report.orders;
  const open = unverified === 0 ? '' : `; ${count(unverified)} still to be looked for`;
  return lostWords(report) + open;
}

/** `0 of 5,231 acknowledged orders lost` */
export function lostWords({ orders }: Pick<TrafficReport, 'orders'>): string {
  const { acknowledged, lost } = orders;
  const of = [
    lost.one > 0 ? `${count(lost.one)} with w: 1` : '',
    lost.majority > 0 ? `${count(lost.majority)} with w: majority` : '',
  ].filter((words) => words !== '');
  const which = of.length === 0 ? '' : ` (${of.join(', ')})`;
  return `${count(lost.one + lost.majority)} of ${amount(acknowledged, 'acknowledged order')} lost${which}`;
}

/** `19:02:11, 12.3 s: 402 orders failed, 811 did not` */
export function outageWords({ from, to, ms, failed, acknowledged }: Outage): string {
  const length = `${(ms / 1_000).toFixed(1)} s${to === undefined ? ' so far' : ''}`;
  const others = acknowledged === 0 ? '' : `, ${count(acknowledged)} did not`;
  return `${clockTime(from)}, ${length}: ${amount(failed, 'order')} failed${others}`;
}

function standing({ state, rate, target, w, endsAt, stoppedAt, at }: TrafficReport): string {
  const what = `${rate}/s at ${target}, orders with w: ${concernWords(w)}`;
  switch (state) {
    case 'running':
      return stoppedAt === undefined
        ? `${what}; ends at ${clockTime(endsAt)}`
        : `${what}; ending, looks for the orders it has not verified yet`;
    case 'stopped':
      return `${what}; ended at ${clockTime(stoppedAt ?? at)}`;
    case 'dead':
      return `${what}; its process is gone since ${clockTime(at)}: this is the last it wrote`;
  }
}

/** How many members must have an order: `majority`, or `1 and majority by turns`. */
export function concernWords(w: TrafficReport['w']): string {
  return w === 'both' ? '1 and majority by turns' : String(w);
}

function nowWords({ now }: TrafficReport): string {
  return `${now.ok} ok/s, ${now.errors} errors/s, ${percentiles(now)}`;
}

function totalWords({ total }: TrafficReport): string {
  return `${amount(total.sent, 'request')}, ${count(total.failed)} failed, ${percentiles(total)}, at most ${milliseconds(total.max)}`;
}

/** What the failed ones were answered; '' where none failed. */
function statusWords({ total }: TrafficReport): string {
  return Object.entries(total.byStatus)
    .filter(([status]) => !(Number(status) < 400))
    .map(([status, times]) => `${status}: ${count(times)}`)
    .join(', ');
}

function lateWords({ late, now, state }: TrafficReport): string {
  const words = [
    state === 'running' && now.lateMs >= lateFrom
      ? `Requests are sent up to ${milliseconds(now.lateMs)} late: this machine does not keep the rate, and part of the latency is its own.`
      : '',
    late.asleepMs > 0 ? `It did not run for ${(late.asleepMs / 1_000).toFixed(1)} s.` : '',
    late.notSent > 0 ? `${amount(late.notSent, 'request')} were never sent.` : '',
  ];
  return words.filter((word) => word !== '').join(' ');
}

function percentiles({ p50, p95, p99 }: TrafficReport['now'] | TrafficReport['total']): string {
  return `p50 ${milliseconds(p50)}, p95 ${milliseconds(p95)}, p99 ${milliseconds(p99)}`;
}

/** `3.1 ms`, `240 ms`, `2.4 s` */
export function milliseconds(value: number | null): string {
  if (value === null) return '–';
  if (value >= 1_000) return `${(value / 1_000).toFixed(1)} s`;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

function amount(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function count(number: number): string {
  return number.toLocaleString('en');
}

/** Of the learner's own clock. */
function clockTime(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
