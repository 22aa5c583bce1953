import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NewOrder } from '../../../src/shop/traffic/mix.js';

/** A shop over real HTTP that keeps orders in memory and can be made to misbehave. */
export interface MadeUpShop {
  readonly url: string;
  readonly orders: Map<string, NewOrder>;
  /** Requests that came, orders looked up among them. */
  readonly came: { total: number };
  /** Changed by a test at any time. */
  readonly manners: {
    /** Acknowledged, and not kept. */
    forgets?: (order: NewOrder) => boolean;
    /** Kept in two places. */
    keepsTwice?: (order: NewOrder) => boolean;
    /** Nothing is answered while it is true; then all at once. */
    stalls?: boolean;
    /** Every order is refused with 503. */
    refuses?: boolean;
  };
  close(): Promise<void>;
}

export async function openMadeUpShop(port = 0): Promise<MadeUpShop> {
  const orders = new Map<string, NewOrder>();
  const came = { total: 0 };
  const manners: MadeUpShop['manners'] = {};
  const waiting: (() => void)[] = [];
  const flow = setInterval(() => {
    if (!manners.stalls) for (const answer of waiting.splice(0)) answer();
  }, 5);

  const place = (order: NewOrder, response: ServerResponse): void => {
    if (!manners.refuses && !manners.forgets?.(order)) orders.set(order.id, order);
    if (manners.refuses) say(response, 503, { message: 'no primary' });
    else say(response, 201, { id: order.id });
  };
  const answer = (method: string, path: string, body: string, response: ServerResponse): void => {
    const order = orders.get(path.slice('/orders/'.length));
    if (method === 'POST') place(JSON.parse(body), response);
    else if (!path.startsWith('/orders/')) say(response, 200, []);
    else if (!order) say(response, 404, { message: 'There is no such order.' });
    else say(response, 200, { ...order, copies: manners.keepsTwice?.(order) ? 2 : 1 });
  };

  const server = createServer((request, response) => {
    came.total += 1;
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const now = (): void => answer(request.method ?? '', request.url ?? '', body, response);
      if (manners.stalls) waiting.push(now);
      else now();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    orders,
    came,
    manners,
    close() {
      clearInterval(flow);
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
