import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { isForeignHost, refuseForeignHosts } from '../../../src/shop/api/host.js';

test.each([
  'localhost',
  '127.0.0.1',
  '[::1]',
  '192.168.0.7',
  'shop1',
  'gateway',
  'shop.localhost',
  'LOCALHOST',
  '',
])('a request for %j is for this shop', (name) => {
  expect(isForeignHost(name)).toBe(false);
});

test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', 'evil.example.'])(
  'a request for %j is not for this shop',
  (name) => {
    expect(isForeignHost(name)).toBe(true);
  },
);

test('a page whose name was made to resolve to this machine gets no data, with or without a route', async () => {
  const app = fastify();
  refuseForeignHosts(app);
  app.get('/products', async () => ['data']);
  for (const url of ['/products', '/nothing-here']) {
    const answer = await app.inject({ url, headers: { host: 'evil.example:8081' } });
    expect(answer.statusCode).toBe(421);
    expect(answer.json().error.code).toBe('foreign-host');
  }
  const own = await app.inject({ url: '/products', headers: { host: '127.0.0.1:8081' } });
  expect(own.json()).toEqual(['data']);
});
