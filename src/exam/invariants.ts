import type { TrafficReport } from '../shop/traffic/report.js';
import { rushRate, rushSeconds } from './plan.js';
import type { Prices } from './prices.js';
import type { ExamFault, ExamFaultKind, Invariant, PhaseFigures } from './report.js';

/** Per cent of the requests that may fail, and how many of the whole rush that are. */
const mostErrors = 1;
export const mostFailed = (rushRate * rushSeconds * mostErrors) / 100;
/**
 * How many times the calm phase's p95 the rush's may be, and milliseconds below which it need not be compared: 26 servers
 * on one laptop stall together when it does something else, and a customer has a patience of five seconds.
 */
const mostTimes = 10;
const floor = 3_000;
/** Prices read from which on it is known whether they are true. */
const enoughPrices = 20;

interface Seen {
  readonly calm: PhaseFigures;
  readonly rush: TrafficReport;
  readonly prices: Prices;
  /** The time is over and every order was looked for. */
  readonly over: boolean;
}

export function figuresOf({ total: { ok, failed, p95 } }: TrafficReport): PhaseFigures {
  return { requests: ok + failed, failed, p95 };
}

/** What must hold, by what was seen so far. */
export function judge({ calm, rush, prices, over }: Seen): readonly Invariant[] {
  const { requests, failed, p95 } = figuresOf(rush);
  const share = requests === 0 ? 0 : (failed * 100) / requests;
  const bound = Math.round(Math.max(floor, mostTimes * (calm.p95 ?? 0)));
  const { lost, duplicates, unverified, acknowledged } = rush.orders;
  const gone = lost.one + lost.majority;
  const say = (id: Invariant['id'], broken: boolean, holds: boolean, observed: string, limit: string) => ({
    id,
    state: broken ? ('broken' as const) : holds && over ? ('holds' as const) : ('open' as const),
    observed,
    bound: limit,
  });
  return [
    say(
      'errors',
      over ? share >= mostErrors : failed > mostFailed,
      requests > 0,
      `${share.toFixed(1)} % of ${requests} requests failed`,
      `fewer than ${mostErrors} %`,
    ),
    say(
      'latency',
      over && (p95 ?? 0) > bound,
      p95 !== null,
      `p95 ${Math.round(p95 ?? 0)} ms; before the rush ${Math.round(calm.p95 ?? 0)} ms`,
      `at most ${bound} ms`,
    ),
    say(
      'lost',
      gone + duplicates > 0,
      unverified === 0 && acknowledged > 0,
      `${gone} lost, ${duplicates} there twice, of ${acknowledged} acknowledged orders`,
      'none',
    ),
    say(
      'stale',
      prices.stale > 0,
      prices.read >= enoughPrices,
      `${prices.stale} of ${prices.read} prices read were old`,
      'none',
    ),
  ];
}

/** What was dead when most of the failures came; undefined where they came from nothing that the exam did. */
export function brokenBy(
  seconds: TrafficReport['seconds'],
  faults: readonly ExamFault[],
  now: number,
): ExamFaultKind | undefined {
  /** Milliseconds: whoever was failed learns of it later, and the dead need time to come back. */
  const aftermath = 5_000;
  const failures = faults.map(({ kind, at, until = now }) => ({
    kind,
    failed: seconds
      .filter((second) => second.at >= at - 1_000 && second.at <= until + aftermath)
      .reduce((sum, { failed }) => sum + failed, 0),
  }));
  const worst = failures.toSorted((one, other) => other.failed - one.failed)[0];
  return worst && worst.failed > 0 ? worst.kind : undefined;
}
