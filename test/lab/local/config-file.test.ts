import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { resolveHome } from '../../../src/home.js';
import type { Service, Stack } from '../../../src/lab/compose/service.js';
import { launchOf } from '../../../src/lab/local/launch.js';

const folder = mkdtempSync(join(tmpdir(), 'msc nginx-'));
afterAll(() => rmSync(folder, { recursive: true }));
const home = resolveHome(join(folder, 'home'));

const any = { environment: {}, dependsOn: [], image: 'any', args: [], mounts: [] };
const edge: Service = {
  ...any,
  name: 'edge',
  program: 'nginx',
  ports: [9090],
  args: ['-c', '/course/edge/nginx.conf', '-p', '/var/cache/edge/', '-g', 'daemon off;'],
  mounts: [
    { kind: 'volume', name: 'edge', target: '/var/cache/edge' },
    { kind: 'bind', source: folder, target: '/course/edge', readOnly: true },
    { kind: 'bind', source: join(home.workspace, 'edge'), target: '/workspace/edge', readOnly: false },
  ],
};
const stack: Stack = {
  stage: 'gateway',
  file: 'gateway.yaml',
  portOffset: 1000,
  services: [edge, { ...any, name: 'gateway', program: 'traefik', ports: [9080] }],
};

test('a configuration written for containers has this machine’s addresses and paths, and listens on 127.0.0.1 only', () => {
  writeFileSync(
    join(folder, 'nginx.conf'),
    `proxy_cache_path files keys_zone=files:1m;
upstream origin { server gateway:8080; server other:8080; }
server {
  listen 8090;
  listen [::]:8090;
  include "/workspace/edge/cache.conf";
}
`,
  );
  const program = { name: 'nginx', file: '/usr/sbin/nginx', argsBefore: [], version: '1.22.1' } as const;
  const launch = launchOf(edge, stack, home, { ...program, runs: 'nginx 1.22.1', source: 'PATH' });
  const written = join(home.data, 'edge', 'nginx.conf');
  expect(launch.args.slice(0, 4)).toEqual(['-p', `${join(home.data, 'edge')}/`, '-c', written]);
  expect(launch.args.at(-1)).toContain('master_process off;');
  expect(launch.files?.[written]).toBe(
    `proxy_cache_path files keys_zone=files:1m;
upstream origin { server 127.0.0.1:9080; server other:8080; }
server {
  listen 127.0.0.1:9090;
  listen 127.0.0.1:9090;
  include "${join(home.workspace, 'edge', 'cache.conf')}";
}
`,
  );
});
