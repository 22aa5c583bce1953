import type { Answer, Customers } from './customers.js';
import type { Ledger, Sighting } from './ledger.js';

/** Looks for acknowledged orders, beside the customers and slower than they come. */
export interface Verifier {
  stop(): void;
  /** Looks for all that is unverified, as fast as the shop answers, until nothing is left, it is silent, or `end` aborts. */
  finish(end: AbortSignal): Promise<void>;
}

interface VerifierOptions {
  readonly ledger: Ledger;
  readonly customers: Customers;
  readonly clock: () => number;
  /** Looks per second, at most. */
  readonly rate: number;
}

const interval = 50;
const atOnce = 32;
const patience = 5_000;
/** How long it leaves a shop in peace that could not say. */
const rest = 1_000;
/** At the end: a shop that has not said anything for so long will not. */
const silentFor = 6_000;

/** Begins to look at once. */
export function startVerifier({ ledger, customers, clock, rate }: VerifierOptions): Verifier {
  let allowed = 0;
  let looking = 0;
  let restUntil = 0;
  let told = 0;

  const look = async (id: string): Promise<void> => {
    looking += 1;
    const answer = await customers.ask({
      method: 'GET',
      path: `/orders/${id}`,
      read: true,
      deadline: clock() + patience,
    });
    looking -= 1;
    const sighting = sightingOf(answer);
    if (sighting === 'unknown') restUntil = clock() + rest;
    else told = clock();
    ledger.seen(id, sighting, clock());
  };
  const timer = setInterval(() => {
    allowed = Math.min(allowed + (rate * interval) / 1_000, atOnce);
    const now = clock();
    while (now >= restUntil && allowed >= 1 && looking < atOnce) {
      const id = ledger.next(now);
      if (id === undefined) return;
      allowed -= 1;
      void look(id);
    }
  }, interval);

  const finish = async (end: AbortSignal): Promise<void> => {
    told = clock();
    for (let now = clock(); now < told + silentFor && !end.aborted; now = clock()) {
      if (ledger.figures().unverified === 0) return;
      const id = now >= restUntil ? ledger.nextOfAll(now) : undefined;
      // Others are at the rest of them, or they are not due yet.
      if (id === undefined) await new Promise((resolve) => setTimeout(resolve, interval));
      else await look(id);
    }
  };
  return {
    stop: () => clearInterval(timer),
    async finish(end) {
      await Promise.all(Array.from({ length: atOnce }, () => finish(end)));
    },
  };
}

/** The shop says in how many places it has an order. */
function sightingOf(answer: Answer | undefined): Sighting {
  if (answer?.status === 404) return 'missing';
  if (answer?.status !== 200) return 'unknown';
  return ((answer.body as { copies?: number } | undefined)?.copies ?? 1) > 1 ? 'twice' : 'there';
}
