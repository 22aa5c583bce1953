import { expect, test } from 'vitest';
import { trafficChanges } from '../../../src/workbench/plain/traffic-text.js';
import { anOutage, aReport, at } from '../../shop/traffic/support/report.js';

const { orders } = aReport();

test('that traffic begins is said in a line, its end with what came of it', () => {
  expect(trafficChanges(undefined, aReport())).toEqual([
    'traffic: 50/s at http://127.0.0.1:8081, orders with w: majority; ends at 19:31:00',
  ]);
  expect(trafficChanges(aReport(), aReport({ state: 'stopped' }))).toContain(
    'orders: 0 of 898 acknowledged orders lost.',
  );
});

test('a second like the one before is not', () => {
  expect(trafficChanges(aReport(), aReport())).toEqual([]);
  expect(trafficChanges(aReport(), undefined)).toEqual([]);
});

test('an outage is said when it begins and when it is over, once each', () => {
  const { outages } = anOutage();
  const lasting = aReport({ outages: [{ from: at - 30_000, ms: 2_000, failed: 9, acknowledged: 0 }] });
  const over = aReport({ outages });
  expect(trafficChanges(aReport(), lasting)).toEqual(['Orders fail now.']);
  expect(trafficChanges(lasting, lasting)).toEqual([]);
  expect(trafficChanges(lasting, over)).toEqual([
    'Orders are acknowledged again. Outage: 19:01:30, 11.3 s: 56 orders failed, 110 did not.',
  ]);
  expect(trafficChanges(over, over)).toEqual([]);
});

test('lost orders are said when they are found out', () => {
  expect(
    trafficChanges(aReport(), aReport({ orders: { ...orders, lost: { one: 2, majority: 0 } } })),
  ).toEqual(['2 of 898 acknowledged orders lost (2 with w: 1).']);
});
