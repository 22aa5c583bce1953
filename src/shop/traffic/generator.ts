import { createWakefulness } from './clock.js';
import { openCustomers } from './customers.js';
import { createFigures } from './figures.js';
import { createLedger } from './ledger.js';
import { createMix, type Visit } from './mix.js';
import { createOutages, quietFor } from './outages.js';
import type { TrafficReport } from './report.js';
import { createSchedule } from './schedule.js';
import type { TrafficSettings } from './settings.js';
import { startVerifier } from './verifier.js';

/** What was measured; who wrote it and when is for the one who writes it down. */
export type Measured = Pick<TrafficReport, 'now' | 'total' | 'late' | 'orders' | 'outages' | 'seconds'>;

/** Traffic that is under way. */
export interface Generator {
  measured(): Measured;
  /** Sends nothing more, hears those out who wait, and verifies what is not verified yet, until `end` aborts. */
  stop(end: AbortSignal): Promise<void>;
}

interface GeneratorOptions {
  readonly target: string;
  readonly settings: TrafficSettings;
  readonly products: readonly string[];
  readonly clock: () => number;
}

/** How long a customer waits for an answer. Longer than the shop tries: it should be the shop that says no. */
const patience = 5_000;
/** An order that took longer met something after which others may be lost, even where none failed. */
const disturbedFrom = 1_000;
/** The loop turns at least so often, so that it knows whether it ran. */
const longestWait = 250;

/** Sends customers to a shop at a steady rate, until it is stopped. */
export function startGenerator({ target, settings, products, clock }: GeneratorOptions): Generator {
  const { rate, orders, w } = settings;
  const from = clock();
  const orderRate = (rate * orders) / 100;
  const quiet = quietFor(orderRate);
  const schedule = createSchedule({ rate, from });
  const asleepFor = createWakefulness(from);
  const figures = createFigures(from);
  const ledger = createLedger();
  const outages = createOutages({ quiet });
  const customers = openCustomers(target, clock);
  // Faster than orders come, so that after an outage all are looked for again.
  const verifier = startVerifier({ ledger, customers, clock, rate: orderRate + Math.max(50, rate) });
  const run = Math.round(from).toString(36);
  const visit = createMix({
    orders,
    w,
    run,
    products,
    random: Math.random,
    acknowledged: () => ledger.any(Math.random),
  });
  let orderCount = 0;
  let notSent = 0;
  let asleepMs = 0;
  let sleeps = 0;
  let disturbedAt: number | undefined;

  const noticeSleep = (now: number): void => {
    const asleep = asleepFor(now);
    if (asleep === 0) return;
    sleeps += 1;
    asleepMs += asleep;
    customers.abandon();
    notSent += schedule.skipTo(now);
  };

  const send = async (what: Visit, due: number): Promise<void> => {
    const sleepsBefore = sleeps;
    const sentAt = clock();
    figures.sent(due, sentAt);
    if (what.kind === 'order') orderCount += 1;
    const answer = await customers.ask({ ...requestOf(what), deadline: due + patience });
    const known = clock();
    noticeSleep(known);
    const acknowledged = what.kind === 'order' && answer?.status === 201;
    if (acknowledged) ledger.acknowledged(what.order.id, what.order.w, known);
    if (answer === undefined || sleeps !== sleepsBefore) return;
    const ok = answer.status > 0 && answer.status < 400;
    figures.answered({ due, known, status: answer.word, ok });
    if (what.kind !== 'order') return;
    outages.add({ due, known, acknowledged });
    if (!acknowledged || known - due >= disturbedFrom) disturbedAt = known;
  };

  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  const turn = (): void => {
    const now = clock();
    noticeSleep(now);
    // Too slow for this rate: who would have waited longer than anybody does is not sent any more.
    if (schedule.next() < now - patience) notSent += schedule.skipTo(now);
    for (const due of schedule.due(now)) void send(visit(), due);
    if (disturbedAt !== undefined && now - disturbedAt >= quiet) {
      disturbedAt = undefined;
      ledger.doubtAll();
    }
    const wait = schedule.next() - clock();
    if (wait <= 0) immediate = setImmediate(turn);
    else timer = setTimeout(turn, Math.min(wait, longestWait));
  };
  turn();

  return {
    measured() {
      const now = clock();
      return {
        now: figures.now(now),
        total: figures.total(),
        late: { worstMs: figures.worstLateMs(), notSent, asleepMs: Math.round(asleepMs) },
        orders: { sent: orderCount, ...ledger.figures() },
        outages: outages.list(now),
        seconds: figures.seconds(now),
      };
    },
    async stop(end) {
      clearTimeout(timer);
      clearImmediate(immediate);
      verifier.stop();
      while (customers.underWay() > 0 && !end.aborted)
        await new Promise((resolve) => setTimeout(resolve, 20));
      if (disturbedAt !== undefined) ledger.doubtAll();
      await verifier.finish(end);
      await customers.close();
    },
  };
}

function requestOf(visit: Visit): { method: 'GET' | 'POST'; path: string; body?: unknown } {
  switch (visit.kind) {
    case 'list':
      return { method: 'GET', path: '/products' };
    case 'product':
      return { method: 'GET', path: `/products/${visit.product}` };
    case 'again':
      return { method: 'GET', path: `/orders/${visit.order}` };
    case 'order':
      return { method: 'POST', path: '/orders', body: visit.order };
  }
}
