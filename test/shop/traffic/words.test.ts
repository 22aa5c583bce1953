import { describe, expect, test } from 'vitest';
import { sparkline } from '../../../src/shop/traffic/sparkline.js';
import {
  lastSecondWords,
  lostWords,
  milliseconds,
  ordersWords,
  trafficLines,
  trafficWords,
} from '../../../src/shop/traffic/words.js';
import { anOutage, aReport, at } from './support/report.js';

describe('the report in words', () => {
  test('of a shop that serves everybody', () => {
    expect(trafficLines(aReport())).toEqual([
      'traffic  50/s at http://127.0.0.1:8081, orders with w: majority; ends at 19:31:00',
      'now      50 ok/s, 0 errors/s, p50 1.2 ms, p95 3.2 ms, p99 12 ms',
      'in all   3,000 requests, 0 failed, p50 1.2 ms, p95 3.2 ms, p99 14 ms, at most 1.8 s',
      `ok       ${'█'.repeat(60)}`,
      'orders   0 of 898 acknowledged orders lost.',
    ]);
  });

  test('of an outage: what failed and how, when, and for how long', () => {
    const lines = trafficLines(aReport(anOutage()));
    expect(lines).toContain('         503: 50, timeout: 7');
    expect(lines).toContain(`ok       ${'█'.repeat(30)}${'▆'.repeat(11)}${'█'.repeat(19)}`);
    expect(lines).toContain(`failed   ${'▁'.repeat(60)}`);
    expect(lines).toContain('outages  19:01:30, 11.3 s: 56 orders failed, 110 did not');
  });

  test('of an outage that lasts', () => {
    const outages = [{ from: at - 4_000, ms: 4_000, failed: 1, acknowledged: 0 }];
    expect(trafficLines(aReport({ outages }))).toContain('outages  19:01:56, 4.0 s so far: 1 order failed');
  });

  test('lost orders by their write concern, and those that nobody has looked for yet', () => {
    const { orders } = aReport();
    expect(lostWords({ orders: { ...orders, acknowledged: 5_231 } })).toBe(
      '0 of 5,231 acknowledged orders lost',
    );
    expect(ordersWords({ orders: { ...orders, lost: { one: 3, majority: 0 }, unverified: 12 } })).toBe(
      '3 of 898 acknowledged orders lost (3 with w: 1); 12 still to be looked for',
    );
    expect(lostWords({ orders: { ...orders, lost: { one: 3, majority: 1 } } })).toBe(
      '4 of 898 acknowledged orders lost (3 with w: 1, 1 with w: majority)',
    );
  });

  test('a generator that is late or slept says so', () => {
    const report = aReport();
    expect(trafficLines({ ...report, now: { ...report.now, lateMs: 640 } }).at(-1)).toBe(
      'late     Requests are sent up to 640 ms late: this machine does not keep the rate, and part of the latency is its own.',
    );
    expect(trafficLines({ ...report, late: { worstMs: 9, notSent: 1_500, asleepMs: 30_000 } }).at(-1)).toBe(
      'late     It did not run for 30.0 s. 1,500 requests were never sent.',
    );
  });

  test('one that has ended, and one whose process is gone', () => {
    const [ended] = trafficLines(aReport({ state: 'stopped', stoppedAt: at - 1_000 }));
    expect(ended).toMatch(/; ended at 19:01:59$/);
    const [gone, next] = trafficLines(aReport({ state: 'dead' }));
    expect(gone).toMatch(/its process is gone since 19:02:00: this is the last it wrote$/);
    expect(next).toMatch(/^in all/);
  });

  test('read out, nothing is drawn', () => {
    expect(trafficWords(aReport(anOutage())).join('\n')).not.toMatch(/[▁-█]/);
  });

  test('a second in a line', () => {
    expect(lastSecondWords(aReport())).toBe(
      '19:01:59    50 ok    0 failed  p95 3.2 ms   0 of 898 acknowledged orders lost',
    );
  });
});

test('a sparkline is as high as its highest value; nothing at all is flat', () => {
  expect(sparkline([0, 4, 8])).toBe('▁▅█');
  expect(sparkline([0, 0])).toBe('▁▁');
  expect(sparkline([1], 100)).toBe('▁');
});

test('times are told as exactly as they matter', () => {
  expect([null, 0.4, 9.96, 41.6, 1_240].map(milliseconds)).toEqual([
    '–',
    '0.4 ms',
    '10.0 ms',
    '42 ms',
    '1.2 s',
  ]);
});
