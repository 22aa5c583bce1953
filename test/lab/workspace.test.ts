import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { resolveHome } from '../../src/home.js';
import { addressesOf } from '../../src/lab/places.js';
import type { Mount, Service, Stack } from '../../src/lab/service.js';
import { prepareWorkspace, startingText } from '../../src/lab/workspace.js';

const folder = mkdtempSync(join(tmpdir(), 'msc-workspace-'));
afterAll(() => rmSync(folder, { recursive: true }));
const home = resolveHome(folder);

function service(name: string, port: number, mounts: readonly Mount[] = []): Service {
  const rest = { args: [], environment: {}, dependsOn: [], image: 'any' };
  return { name, program: 'traefik', ports: [port], mounts, ...rest };
}

const rules = join(home.workspace, 'gateway');
const stack: Stack = {
  stage: 'gateway',
  file: 'gateway.yaml',
  portOffset: 0,
  services: [
    service('gateway', 8080, [{ kind: 'bind', source: rules, target: '/workspace/gateway', readOnly: true }]),
    service('shop1', 8081, [{ kind: 'bind', source: '/elsewhere', target: '/shop', readOnly: true }]),
  ],
};
const places = { ...addressesOf(stack, 'docker'), coursePath: (file: string) => `/course/${file}` };

test('the files that services read are there when they start, with this lab’s addresses in them', () => {
  prepareWorkspace(home, stack, places);
  expect(readFileSync(join(rules, 'dynamic.yaml'), 'utf8')).toContain('- url: http://shop1:8081');
});

test('what the learner wrote is never overwritten', () => {
  writeFileSync(join(rules, 'dynamic.yaml'), 'http: {}\n');
  prepareWorkspace(home, stack, places);
  expect(readFileSync(join(rules, 'dynamic.yaml'), 'utf8')).toBe('http: {}\n');
  expect(startingText('gateway/dynamic.yaml', places)).toContain('http://shop1:8081');
});
