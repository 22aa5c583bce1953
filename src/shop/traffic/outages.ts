import type { Outage } from './report.js';

/** What became of one order; all times are milliseconds of the same clock. */
export interface OrderOutcome {
  /** When it was to be sent. */
  readonly due: number;
  /** When its customer knew. */
  readonly known: number;
  readonly acknowledged: boolean;
}

/** Outages as they begin and end. */
export interface Outages {
  add(outcome: OrderOutcome): void;
  /** The oldest first; the last may still last. */
  list(now: number): readonly Outage[];
}

interface Open {
  from: number;
  lastFailure: number;
  firstAcknowledged: number | undefined;
  failed: number;
  /** Up to the last failure, and since. */
  acknowledged: number;
  acknowledgedSince: number;
}

/** The oldest are forgotten. */
const most = 100;

/**
 * How long no order may fail until an outage is over. Where one shard of three is down two of three orders succeed,
 * so it is long enough for ten orders.
 * @param orderRate orders per second
 */
export function quietFor(orderRate: number): number {
  return Math.max(2_000, orderRate > 0 ? 10_000 / orderRate : 0);
}

/** Finds the outages in what becomes of orders (see `Outage`), told as it becomes known. */
export function createOutages({ quiet }: { quiet: number }): Outages {
  const closed: Outage[] = [];
  let open: Open | undefined;

  const closeWhenQuiet = (now: number): void => {
    if (open?.firstAcknowledged === undefined || now - open.lastFailure < quiet) return;
    closed.push(outageOf(open, open.firstAcknowledged, true));
    if (closed.length > most) closed.shift();
    open = undefined;
  };

  return {
    add({ due, known, acknowledged }) {
      closeWhenQuiet(known);
      if (acknowledged) {
        if (!open) return;
        open.acknowledgedSince += 1;
        open.firstAcknowledged ??= known;
        return;
      }
      const last = closed.at(-1);
      if (!open && last?.to !== undefined && due < last.to) {
        // A customer who waited in vain until now, for an order of the outage that is over.
        closed[closed.length - 1] = { ...last, failed: last.failed + 1 };
        return;
      }
      open ??= {
        from: due,
        lastFailure: known,
        firstAcknowledged: undefined,
        failed: 0,
        acknowledged: 0,
        acknowledgedSince: 0,
      };
      open.acknowledged += open.acknowledgedSince;
      open.acknowledgedSince = 0;
      open.from = Math.min(open.from, due);
      open.lastFailure = known;
      open.firstAcknowledged = undefined;
      open.failed += 1;
    },
    list(now) {
      closeWhenQuiet(now);
      return open ? [...closed, outageOf(open, open.firstAcknowledged ?? now, false)] : closed;
    },
  };
}

function outageOf({ from, failed, acknowledged }: Open, to: number, over: boolean): Outage {
  const end = over ? { to: Math.round(to) } : {};
  return { from: Math.round(from), ...end, ms: Math.round(to - from), failed, acknowledged };
}
