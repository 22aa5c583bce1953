import type { ShopAnswer, ShopRequest } from './lab-view.js';

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
  try {
    const response = await fetch(`http://${address}${path}`, {
      method,
      signal: AbortSignal.timeout(patience),
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: isJson ? await response.json() : await response.text(),
    };
  } catch (cause) {
    throw new ShopSilent(`nothing answers on ${address}`, { cause });
  }
}
