import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import type { TrafficReport } from '../../../src/shop/traffic/report.js';
import { initialState } from '../../../src/workbench/state/state.js';
import { trafficLine } from '../../../src/workbench/view/traffic-line.js';
import { anOutage, aReport } from '../../shop/traffic/support/report.js';

function lineAt(columns: number, traffic: TrafficReport | undefined): string | undefined {
  const [line] = trafficLine({ ...initialState({ columns, rows: 24 }), traffic }, columns);
  return line === undefined ? undefined : stripVTControlCharacters(line);
}

test('no line without traffic', () => {
  expect(trafficLine(initialState({ columns: 80, rows: 24 }), 80)).toEqual([]);
});

test('rate, p95, errors, lost orders and a sparkline; narrow screens have less of it', () => {
  expect(lineAt(120, aReport())).toBe(
    ` traffic 50/s · p95 3.2 ms · 0 errors/s · 0 of 898 acknowledged orders lost  ${'█'.repeat(42)}`,
  );
  expect(lineAt(80, aReport())).toBe(` traffic 50/s · p95 3.2 ms · 0 errors/s · 0 lost  ${'█'.repeat(29)}`);
  expect(lineAt(60, aReport())).toBe(` traffic 50/s · p95 3.2 ms · 0 errors/s · 0 lost  ${'█'.repeat(9)}`);
});

test('the last outage stays on it, and one that lasts is said so', () => {
  expect(lineAt(120, aReport(anOutage()))).toContain('· outage 11.3 s ');
  const outages = [{ from: 0, ms: 4_000, failed: 20, acknowledged: 0 }];
  expect(lineAt(120, aReport({ outages }))).toContain('· orders fail since 4.0 s');
});

test('traffic that has ended tells what came of it', () => {
  expect(lineAt(120, aReport({ ...anOutage(), state: 'stopped' }))).toMatch(
    /^ traffic ended · p95 3.2 ms · 57 failed · 0 of 898/,
  );
  expect(lineAt(120, aReport({ state: 'dead' }))).toMatch(/^ traffic: its process is gone · /);
});

test.each([60, 61, 79, 100, 137, 250])('never longer than a screen of %i columns', (columns) => {
  for (const report of [aReport(), aReport(anOutage()), aReport({ state: 'dead', seconds: [] })]) {
    expect(stringWidth(lineAt(columns, report) ?? '')).toBeLessThan(columns);
  }
});
