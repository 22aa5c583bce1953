/** Figures of one kind of read (`product`, `best-sellers`), since `cache.js` was last loaded. */
export interface ReadFigures {
  /** Answered without asking MongoDB. */
  readonly fromCache: { readonly count: number; readonly lastMs: number | null };
  readonly fromDatabase: { readonly count: number; readonly lastMs: number | null };
  /** `cache.js` let an error through, and the customer got it. */
  readonly failed: number;
  /** What the slowest of them took, in milliseconds. */
  readonly slowestMs: number;
}

/** Many customers asking for the same key at once, and how often MongoDB was asked for them. */
export interface Rush {
  readonly key: string;
  readonly callers: number;
  readonly loads: number;
}

/** What became of the reads since `cache.js` was last loaded. */
export interface Figures {
  /** By the part of the key before its first colon. */
  readonly reads: Readonly<Record<string, ReadFigures>>;
  /** The last time that ten or more customers asked for the same key at once. */
  readonly rush: Rush | null;
  /** While Redis did not answer: customers who were served all the same, and who were not. */
  readonly withoutRedis: { readonly served: number; readonly failed: number };
  /** Prices that the shop changed itself. */
  readonly writes: number;
  /** The last of them. */
  readonly lastWrite: { readonly key: string; readonly priceCents: number } | null;
  /** Customers who got another price from the cache than the shop had written before they asked. */
  readonly stale: number;
}

/** Where a customer's answer came from; `failed`: he got none for Redis's sake, `database-failed`: for MongoDB's. */
export type ReadEnd = 'cache' | 'database' | 'failed' | 'database-failed';

/** What else is known of a read when it ends. */
export interface EndOptions {
  readonly withoutRedis: boolean;
  /** Of what has one. */
  readonly priceCents?: number | undefined;
}

/** Counts what becomes of reads; begun anew when `cache.js` is loaded. */
export interface Counting {
  /** A customer asks for a key; each must be ended once. */
  begin(key: string): { load(): void; end(how: ReadEnd, options: EndOptions): void };
  wrote(key: string, priceCents: number): void;
  figures(): Figures;
}

/** From how many customers on it is told. */
const rushFrom = 10;

/** Begins at nought. Times are milliseconds. */
export function openCounting(): Counting {
  const reads = new Map<string, ReadFigures>();
  /** Of each key that is being asked for now. */
  const asking = new Map<string, { now: number; callers: number; loads: number }>();
  const prices = new Map<string, { priceCents: number; at: number }>();
  let rush: Rush | null = null;
  let withoutRedis = { served: 0, failed: 0 };
  let writes = 0;
  let lastWrite: Figures['lastWrite'] = null;
  let stale = 0;

  const count = (key: string, how: ReadEnd, ms: number): void => {
    const kind = key.split(':')[0] ?? key;
    const none = { count: 0, lastMs: null };
    const before = reads.get(kind) ?? { fromCache: none, fromDatabase: none, failed: 0, slowestMs: 0 };
    const one = (figure: ReadFigures['fromCache']) => ({ count: figure.count + 1, lastMs: Math.round(ms) });
    reads.set(kind, {
      fromCache: how === 'cache' ? one(before.fromCache) : before.fromCache,
      fromDatabase: how === 'database' ? one(before.fromDatabase) : before.fromDatabase,
      failed: before.failed + (how === 'failed' ? 1 : 0),
      slowestMs: Math.max(before.slowestMs, Math.round(ms)),
    });
  };

  return {
    begin(key) {
      const began = performance.now();
      const crowd = asking.get(key) ?? { now: 0, callers: 0, loads: 0 };
      asking.set(key, crowd);
      crowd.now += 1;
      crowd.callers += 1;
      return {
        load() {
          crowd.loads += 1;
        },
        end(how, options) {
          count(key, how, performance.now() - began);
          if (options.withoutRedis && how !== 'database-failed') {
            const { served, failed } = withoutRedis;
            withoutRedis = how === 'failed' ? { served, failed: failed + 1 } : { served: served + 1, failed };
          }
          // What was written while he waited he need not have seen.
          const written = prices.get(key);
          const isStale = written && written.at < began && written.priceCents !== options.priceCents;
          if (how === 'cache' && options.priceCents !== undefined && isStale) stale += 1;
          crowd.now -= 1;
          if (crowd.now > 0) return;
          asking.delete(key);
          const { callers, loads } = crowd;
          if (callers >= rushFrom) rush = { key, callers, loads };
        },
      };
    },
    wrote(key, priceCents) {
      writes += 1;
      lastWrite = { key, priceCents };
      prices.set(key, { priceCents, at: performance.now() });
    },
    figures: () => ({ reads: Object.fromEntries(reads), rush, withoutRedis, writes, lastWrite, stale }),
  };
}
