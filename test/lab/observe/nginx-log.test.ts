import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Stack } from '../../../src/lab/compose/service.js';
import { openEdgeLogs, parseEdgeLog } from '../../../src/lab/observe/nginx-log.js';

const folder = mkdtempSync(join(tmpdir(), 'msc-edge-'));
afterAll(() => rmSync(folder, { recursive: true }));

const stack: Stack = {
  stage: 'gateway',
  file: 'gateway.yaml',
  portOffset: 0,
  services: [
    {
      name: 'edge',
      program: 'nginx',
      ports: [8090],
      args: [],
      environment: {},
      mounts: [{ kind: 'bind', source: folder, target: '/workspace/edge', readOnly: false }],
      dependsOn: [],
      image: 'any',
    },
  ],
};

test('a line tells of the cache, the region and the file; what is no such line is passed over', () => {
  expect(
    parseEdgeLog('1763668800.123 HIT 200 eu /static/logo.svg\n1763668801.000 - 502 - /basket\nhalf a li'),
  ).toEqual([
    { at: 1_763_668_800_123, uri: '/static/logo.svg', status: 200, cache: 'HIT', region: 'eu' },
    { at: 1_763_668_801_000, uri: '/basket', status: 502 },
  ]);
});

test('the newest hundred are told, and the same object while nothing new was asked', () => {
  const logs = openEdgeLogs();
  expect(logs.of(stack).get('edge')).toEqual({ recent: [] });
  const line = (n: number) => `${1_763_668_800 + n}.000 MISS 200 - /static/a-rather-long-name-${n}.svg\n`;
  appendFileSync(join(folder, 'access.log'), Array.from({ length: 1_000 }, (_, n) => line(n)).join(''));
  const view = logs.of(stack).get('edge');
  expect(view?.recent).toHaveLength(100);
  expect(view?.recent.at(-1)?.uri).toBe('/static/a-rather-long-name-999.svg');
  expect(logs.of(stack).get('edge')).toBe(view);
  appendFileSync(join(folder, 'access.log'), line(1_000));
  expect(logs.of(stack).get('edge')?.recent.at(-1)?.uri).toBe('/static/a-rather-long-name-1000.svg');
});
