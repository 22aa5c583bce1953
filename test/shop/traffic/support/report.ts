import type { TrafficReport } from '../../../../src/shop/traffic/report.js';

/** 19:02:00 of this machine's clock. */
export const at = new Date(2026, 10, 27, 19, 2).getTime();

/** A report of traffic that has run for a minute; `changes` replace whole parts of it. */
export function aReport(changes: Partial<TrafficReport> = {}): TrafficReport {
  return {
    state: 'running',
    pid: 4711,
    at,
    startedAt: at - 60_000,
    endsAt: at + 29 * 60_000,
    target: 'http://127.0.0.1:8081',
    rate: 50,
    w: 'majority',
    now: { sent: 50, ok: 50, errors: 0, p50: 1.2, p95: 3.24, p99: 12.4, lateMs: 2 },
    total: {
      sent: 3_000,
      ok: 2_998,
      failed: 0,
      p50: 1.2,
      p95: 3.2,
      p99: 14,
      max: 1_820,
      byStatus: { 200: 2_100, 201: 898 },
    },
    late: { worstMs: 8, notSent: 0, asleepMs: 0 },
    orders: {
      sent: 900,
      acknowledged: 898,
      verified: 820,
      unverified: 0,
      lost: { one: 0, majority: 0 },
      duplicates: 0,
    },
    outages: [],
    seconds: Array.from({ length: 60 }, (_, index) => ({
      at: at - (60 - index) * 1_000,
      ok: 50,
      failed: 0,
      p95: 3.2,
    })),
    ...changes,
  };
}

/** As a primary that is killed leaves it: ten seconds in which a third of the orders fail. */
export function anOutage(): Pick<TrafficReport, 'outages' | 'seconds' | 'total'> {
  const report = aReport();
  return {
    outages: [{ from: at - 30_000, to: at - 18_700, ms: 11_300, failed: 56, acknowledged: 110 }],
    seconds: report.seconds.map((second, index) =>
      index >= 30 && index < 41 ? { ...second, ok: 34, failed: 6 } : second,
    ),
    total: { ...report.total, failed: 57, byStatus: { ...report.total.byStatus, 503: 50, timeout: 7 } },
  };
}
