import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { dropped } from '../machine/debug-log.js';
import { pickOf } from './plan.js';

/** What came of changing prices and looking at them. */
export interface Prices {
  readonly changed: number;
  readonly read: number;
  /** Reads that were told a price of before a change that the shop had confirmed. */
  readonly stale: number;
}

interface PriceOptions {
  /** `http://127.0.0.1:8080` */
  readonly door: string;
  readonly products: readonly string[];
  readonly random: () => number;
}

/** Milliseconds between two changes. */
const every = 500;
/** Each confirmed change is read so often, so that more than one shop is asked. */
const looks = 4;
const patience = 5_000;

/**
 * Changes prices through the front door and reads each back, as one who alone sets these products' prices: a read that
 * begins after the change was confirmed must see it. A request that fails says nothing of prices. They are as they
 * were when it has stopped, as far as the shop can be reached.
 */
export function startPrices({ door, products, random }: PriceOptions) {
  const end = new AbortController();
  const before = new Map<string, number>();
  let changed = 0;
  let read = 0;
  let stale = 0;

  const priceOf = async (product: string): Promise<number | undefined> => {
    const said = await ask(`${door}/products/${product}`);
    return said?.priceCents;
  };
  const change = async (product: string, priceCents: number): Promise<boolean> =>
    (await ask(`${door}/products/${product}/price`, { priceCents })) !== undefined;
  const turn = async (): Promise<void> => {
    const product = pickOf(products, random()) as string;
    const now = before.get(product) ?? (await priceOf(product));
    if (now === undefined) return;
    before.set(product, now);
    const wanted = now + 1 + Math.floor(random() * 1_000);
    if (!(await change(product, wanted))) return;
    changed += 1;
    for (let look = 0; look < looks && !end.signal.aborted; look += 1) {
      const seen = await priceOf(product);
      if (seen === undefined) continue;
      read += 1;
      if (seen !== wanted) stale += 1;
    }
  };
  const running = (async () => {
    while (!end.signal.aborted) {
      await turn();
      await delay(every, undefined, { signal: end.signal }).catch(() => undefined);
    }
    for (const [product, priceCents] of before) await change(product, priceCents);
  })();

  return {
    seen: (): Prices => ({ changed, read, stale }),
    async stop(): Promise<void> {
      end.abort();
      await running;
    },
  };
}

/** What a shop says, where it says yes; with a body it is told that. */
async function ask(url: string, body?: object): Promise<{ priceCents?: number } | undefined> {
  try {
    const response = await request(url, {
      signal: AbortSignal.timeout(patience),
      ...(body && {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const said = (await response.body.json()) as { priceCents?: number };
    return response.statusCode < 300 ? said : undefined;
  } catch (error) {
    dropped(error);
    return undefined;
  }
}
