import { Pool } from 'undici';

/** How the shop answered a request, as the one who made it saw it. */
export interface Answer {
  /** 0 where there was none. */
  readonly status: number;
  /** `201`, `timeout`, `unreachable`. */
  readonly word: string;
  /** What it said, of a request whose answer is read. */
  readonly body?: unknown;
}

/** What a customer asks for; times are milliseconds of the clock that `openCustomers` is given. */
export interface CustomerRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Whether the answer is of interest. */
  readonly read?: boolean;
  /** When the customer gives up. */
  readonly deadline: number;
}

/** Those who ask the shop: each by himself, none waiting for another. */
export interface Customers {
  /** Resolves always; with undefined where the request was abandoned. */
  ask(request: CustomerRequest): Promise<Answer | undefined>;
  /** Forgets every request under way: what comes of it says nothing any more. */
  abandon(): void;
  underWay(): number;
  close(): Promise<void>;
}

/** More customers than this at once are a shop that hangs; each further one waits, and that is measured too. */
const connections = 512;
/** How exactly a customer's patience ends, in milliseconds. */
const exactness = 50;

interface UnderWay {
  readonly deadline: number;
  readonly end: AbortController;
  abandoned: boolean;
}

/** Customers of the shop at `target` (`http://127.0.0.1:8081`). Nobody asks yet. */
export function openCustomers(target: string, clock: () => number): Customers {
  const pool = new Pool(target, {
    connections,
    pipelining: 1,
    // The shop, restarted, does not know connections any more that were open before.
    keepAliveTimeout: 4_000,
    connect: { timeout: 2_000 },
  });
  let asked = 0;
  /** Each customer comes from an address of his own, as a proxy before the shop would say (RFC 2544's test network). */
  const nextAddress = (): string => {
    asked = (asked + 1) % 8_192;
    return `198.18.${asked >> 8}.${asked & 255}`;
  };
  const underWay = new Set<UnderWay>();
  const giveUp = setInterval(() => {
    const now = clock();
    for (const one of underWay) if (one.deadline <= now) one.end.abort();
  }, exactness);

  return {
    async ask({ method, path, body, read = false, deadline }) {
      const one: UnderWay = { deadline, end: new AbortController(), abandoned: false };
      underWay.add(one);
      try {
        const response = await pool.request({
          method,
          path,
          signal: one.end.signal,
          headers: {
            'x-forwarded-for': nextAddress(),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const said = read ? await response.body.json().catch(() => undefined) : await response.body.dump();
        if (one.abandoned) return undefined;
        return { status: response.statusCode, word: String(response.statusCode), body: said };
      } catch {
        if (one.abandoned) return undefined;
        return { status: 0, word: one.end.signal.aborted ? 'timeout' : 'unreachable' };
      } finally {
        underWay.delete(one);
      }
    },
    abandon() {
      for (const one of underWay) {
        one.abandoned = true;
        one.end.abort();
      }
    },
    underWay: () => underWay.size,
    async close() {
      clearInterval(giveUp);
      await pool.destroy();
    },
  };
}
