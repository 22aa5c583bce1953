import type { ShopAnswer, ShopRequest } from '../lesson/lab-view.js';

/** Longer than the shop itself tries: it says 503 by then. */
const patience = 5_000;

/** The shop says nothing: it is down, or hangs. */
export class ShopSilent extends Error {}

/** One request to the shop at `host:port`. Throws `ShopSilent`. */
export async function askShop(
  address: string,
  path: string,
  { method = 'GET', headers = {}, body }: ShopRequest = {},
): Promise<ShopAnswer> {
  // Not fetch: it refuses some ports for the sake of browsers, 10080 among them, where a lab may well be.
  const { request } = await import('undici');
  try {
    const response = await request(`http://${address}${path}`, {
      method,
      signal: AbortSignal.timeout(patience),
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const said = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
    const named: Readonly<Record<string, string>> = Object.fromEntries(said);
    const isJson = /\bjson\b/.test(named['content-type'] ?? '');
    return {
      status: response.statusCode,
      headers: named,
      body: isJson ? await response.body.json() : await response.body.text(),
    };
  } catch (cause) {
    throw new ShopSilent(`nothing answers on ${address}`, { cause });
  }
}
