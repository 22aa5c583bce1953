import { build, type Histogram } from 'hdr-histogram-js';
import type { Latencies, TrafficReport, TrafficSecond } from './report.js';

/** What became of a request. */
export interface Answered {
  /** When it was due, and when it was answered or given up: the latency is what lies between. */
  readonly due: number;
  readonly known: number;
  /** `201`, `timeout`, `unreachable`. */
  readonly status: string;
  readonly ok: boolean;
}

/** Counts requests and measures how long their customers waited. Times are milliseconds of one clock. */
export interface Figures {
  sent(due: number, at: number): void;
  answered(answer: Answered): void;
  now(at: number): TrafficReport['now'];
  total(): TrafficReport['total'];
  worstLateMs(): number;
  /** The last whole seconds, by the same clock. */
  seconds(at: number): readonly TrafficSecond[];
}

/** Seconds that `now` looks back on, and that are kept for a sparkline. */
const nowSeconds = 5;
const keptSeconds = 90;
/** Microseconds: of no use below, never above (no customer waits a minute). */
const tracked = { lowestDiscernibleValue: 100, highestTrackableValue: 60_000_000 };

interface Second {
  readonly second: number;
  sent: number;
  ok: number;
  failed: number;
  lateMs: number;
  readonly latencies: number[];
}

/** @param from when the traffic began, in milliseconds of the clock that all later times are of */
export function createFigures(from: number): Figures {
  const all = histogram();
  const byStatus: Record<string, number> = {};
  let sent = 0;
  let ok = 0;
  let failed = 0;
  let worstLateMs = 0;
  const seconds: Second[] = [];

  /** Seconds in which nothing happened are there too: a stall is a gap in the sparkline. */
  const secondOf = (at: number): Second => {
    const wanted = Math.floor((at - from) / 1_000);
    let newest = seconds.at(-1);
    if (newest && wanted - newest.second > keptSeconds) seconds.length = 0;
    for (
      let second = Math.max((newest?.second ?? -1) + 1, wanted - keptSeconds);
      second <= wanted;
      second += 1
    ) {
      newest = { second, sent: 0, ok: 0, failed: 0, lateMs: 0, latencies: [] };
      seconds.push(newest);
      if (seconds.length > keptSeconds + 1) seconds.shift();
    }
    return seconds.find(({ second }) => second === wanted) ?? (newest as Second);
  };
  const whole = (at: number): readonly Second[] => {
    secondOf(at);
    return seconds.slice(0, -1);
  };

  return {
    sent(due, at) {
      sent += 1;
      const late = Math.max(0, at - due);
      const second = secondOf(at);
      second.sent += 1;
      second.lateMs = Math.max(second.lateMs, late);
      worstLateMs = Math.max(worstLateMs, late);
    },
    answered({ due, known, status, ok: good }) {
      const latency = Math.max(0, known - due);
      all.recordValue(Math.min(tracked.highestTrackableValue, Math.round(latency * 1_000)));
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      const second = secondOf(known);
      second.latencies.push(latency);
      if (good) {
        ok += 1;
        second.ok += 1;
      } else {
        failed += 1;
        second.failed += 1;
      }
    },
    now(at) {
      const last = whole(at).slice(-nowSeconds);
      const perSecond = (pick: (second: Second) => number): number =>
        last.length === 0 ? 0 : round(last.reduce((sum, second) => sum + pick(second), 0) / last.length);
      return {
        sent: perSecond((second) => second.sent),
        ok: perSecond((second) => second.ok),
        errors: perSecond((second) => second.failed),
        ...latenciesOf(last.flatMap(({ latencies }) => latencies)),
        lateMs: round(Math.max(0, ...last.map(({ lateMs }) => lateMs))),
      };
    },
    total() {
      const at = (percentile: number): number | null =>
        all.totalCount === 0 ? null : round(all.getValueAtPercentile(percentile) / 1_000);
      const max = all.totalCount === 0 ? null : round(all.maxValue / 1_000);
      return { sent, ok, failed, p50: at(50), p95: at(95), p99: at(99), max, byStatus: { ...byStatus } };
    },
    worstLateMs: () => round(worstLateMs),
    seconds: (at) =>
      whole(at).map(({ second, ok: good, failed: bad, latencies }) => ({
        at: from + second * 1_000,
        ok: good,
        failed: bad,
        p95: latenciesOf(latencies).p95,
      })),
  };
}

function histogram(): Histogram {
  return build({ ...tracked, numberOfSignificantValueDigits: 3 });
}

/** The latency that so many of 100 were not above: the nearest rank. */
function latenciesOf(latencies: readonly number[]): Latencies {
  const sorted = Float64Array.from(latencies).sort();
  const at = (percentile: number): number | null =>
    sorted.length === 0 ? null : round(sorted[Math.ceil((percentile / 100) * sorted.length) - 1] ?? 0);
  return { p50: at(50), p95: at(95), p99: at(99) };
}

/** A tenth of a millisecond is as exact as a clock between two processes is worth. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
