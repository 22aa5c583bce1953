import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askShop, ShopSilent } from '../../src/grading/ask-shop.js';

/** Answers with what it was asked, as JSON or, at `/text`, as plain text. */
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const { method, url, headers } = request;
    if (url === '/text') {
      response.writeHead(503, { 'content-type': 'text/plain' }).end('busy');
      return;
    }
    response.writeHead(201, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify({ method, url, type: headers['content-type'], body }));
  });
});
let address: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

test('a request is sent as it is meant, and a JSON answer is parsed', async () => {
  expect(await askShop(address, '/orders', { method: 'POST', body: { id: 'a' } })).toEqual({
    status: 201,
    headers: expect.objectContaining({ 'content-type': 'application/json; charset=utf-8' }),
    body: { method: 'POST', url: '/orders', type: 'application/json', body: '{"id":"a"}' },
  });
  expect(await askShop(address, '/products?page=2')).toMatchObject({
    body: { method: 'GET', url: '/products?page=2', body: '' },
  });
});

test('a refusal is an answer', async () => {
  expect(await askShop(address, '/text')).toMatchObject({ status: 503, body: 'busy' });
});

test('a shop that is not there is silent', async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  await expect(askShop(`127.0.0.1:${port}`, '/')).rejects.toThrow(ShopSilent);
});
