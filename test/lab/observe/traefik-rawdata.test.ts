import { expect, test } from 'vitest';
import type { Service, Stack } from '../../../src/lab/compose/service.js';
import { parseRawData, upstreamsOf } from '../../../src/lab/observe/traefik-rawdata.js';

const shop = (name: string, port: number): Service => ({
  name,
  program: 'node',
  ports: [port],
  args: [],
  environment: {},
  mounts: [],
  dependsOn: [],
  image: 'any',
});
const stack: Stack = {
  stage: 'gateway',
  file: 'gateway.yaml',
  portOffset: 0,
  services: [shop('shop1', 8081), shop('shop2', 8082), shop('shop3', 8083)],
};

/** As Traefik 3.7.15 says it, shortened. */
const raw = {
  routers: {
    'api@internal': { service: 'api@internal', rule: 'PathPrefix(`/api`)' },
    'shop@file': { service: 'shop', rule: 'PathPrefix(`/`)', middlewares: ['again', 'limit@file'] },
  },
  middlewares: {
    'again@file': { retry: { attempts: 3 }, status: 'enabled', usedBy: ['shop@file'] },
  },
  services: {
    'api@internal': {},
    'shop@file': {
      weighted: {
        services: [
          { name: 'old', weight: 9 },
          { name: 'new', weight: 1 },
          { name: 'none', weight: 0 },
        ],
      },
    },
    'old@file': {
      loadBalancer: {
        servers: [{ url: 'http://shop1:8081' }, { url: 'http://127.0.0.1:8082' }],
        healthCheck: { path: '/live', interval: '1s' },
      },
      serverStatus: { 'http://shop1:8081': 'UP', 'http://127.0.0.1:8082': 'DOWN' },
    },
    'new@file': { loadBalancer: { servers: [{ url: 'http://127.0.0.1:9999' }] } },
    'none@file': { loadBalancer: { servers: [{ url: 'http://shop3:8083' }] } },
  },
};

test('a gateway’s rules are named in full, and what is its own is left out', () => {
  const { routers, middlewares, services } = parseRawData(raw, stack);
  expect(routers).toEqual([
    {
      name: 'shop@file',
      rule: 'PathPrefix(`/`)',
      service: 'shop@file',
      middlewares: ['again@file', 'limit@file'],
    },
  ]);
  expect(middlewares).toEqual([{ name: 'again@file', type: 'retry', settings: { attempts: 3 } }]);
  expect(services.map(({ name }) => name)).toEqual(['new@file', 'none@file', 'old@file', 'shop@file']);
  expect(services[2]?.healthCheck).toEqual({ path: '/live', interval: '1s' });
  expect(services[3]?.weights?.[0]).toEqual({ service: 'old@file', weight: 9 });
});

test('its upstreams are those that a customer can be sent to, with the service each is', () => {
  expect(upstreamsOf(parseRawData(raw, stack))).toEqual([
    { url: 'http://127.0.0.1:9999', service: undefined, up: true },
    { url: 'http://shop1:8081', service: 'shop1', up: true },
    { url: 'http://127.0.0.1:8082', service: 'shop2', up: false },
  ]);
});

test('a gateway without rules has nobody to send to', () => {
  expect(upstreamsOf(parseRawData({}, stack))).toEqual([]);
});
