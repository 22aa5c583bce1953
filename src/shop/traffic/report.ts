/** How many members must have an order before the shop says yes. */
export type WriteConcern = 1 | 'majority';

/** In milliseconds from the moment a request was due, not from when it was sent; null where none was answered. */
export interface Latencies {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/**
 * A time in which the shop's customers could not order. It begins when the first order that failed was due, and is
 * over with the first order that was acknowledged after the last failure; only when no order has failed for a while
 * (`quietFor` in outages.ts) is it known which one that was. Where one shard of several is down, orders fail and
 * succeed side by side: that is one outage, with `failed` of its orders failed and `acknowledged` not.
 */
export interface Outage {
  /** Milliseconds since the epoch. */
  readonly from: number;
  /** Missing while it lasts. */
  readonly to?: number;
  /** How long it was, or is by now. */
  readonly ms: number;
  readonly failed: number;
  readonly acknowledged: number;
}

/** One second of the traffic, by when requests were answered. */
export interface TrafficSecond {
  /** Its beginning, in milliseconds since the epoch. */
  readonly at: number;
  readonly ok: number;
  readonly failed: number;
  readonly p95: number | null;
}

/**
 * What the traffic is doing and what came of it, as it writes it down itself, several times a second. A request is
 * `ok` when its status is below 400; it has failed with any other, without an answer within its customer's patience,
 * or without a connection. Looks at orders that are made only to verify them are in none of these figures.
 */
export interface TrafficReport {
  /** `stopped`: it ended in order, and all was verified that could be. `dead`: its process is gone, and this is the last it wrote. */
  readonly state: 'running' | 'stopped' | 'dead';
  readonly pid: number;
  /** When this was written; all times are milliseconds since the epoch. */
  readonly at: number;
  readonly startedAt: number;
  readonly endsAt: number;
  readonly stoppedAt?: number;
  /** `http://127.0.0.1:8081` */
  readonly target: string;
  /** Requests wanted per second. */
  readonly rate: number;
  /** The write concern of its orders; `both`: by turns. */
  readonly w: WriteConcern | 'both';
  /** Over the last few whole seconds; the first three per second. */
  readonly now: Latencies & {
    readonly sent: number;
    readonly ok: number;
    readonly errors: number;
    /** How much later than due requests were sent, at worst: the generator's own fault, never the shop's. */
    readonly lateMs: number;
  };
  readonly total: Latencies & {
    readonly sent: number;
    readonly ok: number;
    readonly failed: number;
    readonly max: number | null;
    /** Answers by status (`201`), and `timeout` and `unreachable`. */
    readonly byStatus: Readonly<Record<string, number>>;
  };
  readonly late: {
    readonly worstMs: number;
    /** Requests that were due while the process could not run (a laptop asleep) or could not keep up: never sent. */
    readonly notSent: number;
    /** How long it did not run at all. */
    readonly asleepMs: number;
  };
  readonly orders: {
    readonly sent: number;
    readonly acknowledged: number;
    /** Acknowledged orders that were looked for and found. */
    readonly verified: number;
    /** Acknowledged orders that are still to be looked for: the newest, and after an outage all of them again. */
    readonly unverified: number;
    /** Acknowledged orders that the shop does not have any more, by their write concern. */
    readonly lost: { readonly one: number; readonly majority: number };
    /** Acknowledged orders that the shop has more than once. */
    readonly duplicates: number;
  };
  /** The oldest first. */
  readonly outages: readonly Outage[];
  /** The last whole seconds, the oldest first. */
  readonly seconds: readonly TrafficSecond[];
}

/** What the traffic's own process writes: who it is, so that a reader can tell whether it still lives. */
export interface WrittenReport extends Omit<TrafficReport, 'state'> {
  readonly state: 'running' | 'stopped';
  /** Tells its process from a later one with the same pid. */
  readonly processStartedAt: string;
}
