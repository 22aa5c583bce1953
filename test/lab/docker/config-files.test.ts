import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { resolveHome } from '../../../src/home.js';
import type { Service, Stack } from '../../../src/lab/compose/service.js';
import { withShiftedConfigs } from '../../../src/lab/docker/config-files.js';

const folder = mkdtempSync(join(tmpdir(), 'msc-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const home = resolveHome(join(folder, 'home'));
writeFileSync(
  join(folder, 'nginx.conf'),
  'upstream origin { server gateway:8080; }\nserver {\n  listen 8090;\n}\n',
);

const any = { environment: {}, dependsOn: [], image: 'any', args: [], mounts: [] };
const edge: Service = {
  ...any,
  name: 'edge',
  program: 'nginx',
  ports: [9090],
  args: ['-c', '/course/edge/nginx.conf', '-g', 'daemon off;'],
  mounts: [{ kind: 'bind', source: folder, target: '/course/edge', readOnly: true }],
};
const gateway: Service = { ...any, name: 'gateway', program: 'traefik', ports: [9080] };
const stack: Stack = { stage: 'gateway', file: 'gateway.yaml', portOffset: 1000, services: [edge, gateway] };

test('a container’s configuration file is replaced by a copy whose ports are shifted as those it publishes', () => {
  const [placed, other] = withShiftedConfigs(stack, home).services;
  const source = join(home.lab, 'config', 'edge.conf');
  const copy = { kind: 'bind', source, target: '/course/edge/nginx.conf', readOnly: true };
  expect(placed).toEqual({ ...edge, mounts: [...edge.mounts, copy] });
  expect(other).toEqual(gateway);
  expect(readFileSync(source, 'utf8')).toBe(
    'upstream origin { server gateway:9080; }\nserver {\n  listen 0.0.0.0:9090;\n}\n',
  );
});

test('without an offset the file is mounted as it is', () => {
  const unshifted = { ...stack, portOffset: 0 };
  expect(withShiftedConfigs(unshifted, home)).toBe(unshifted);
});
