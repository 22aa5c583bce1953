import type { TrafficReport, WriteConcern } from './report.js';

/** What a look for an order found; `unknown`: the shop did not say. */
export type Sighting = 'there' | 'missing' | 'twice' | 'unknown';

/** Every order the shop has acknowledged, and whether it still has it. */
export interface Ledger {
  acknowledged(id: string, w: WriteConcern, now: number): void;
  /** An order to look for now; undefined where none is due. Each is given out once, until `seen` tells of it. */
  next(now: number): string | undefined;
  /** As `next`, with the newest orders too: as at the end. */
  nextOfAll(now: number): string | undefined;
  seen(id: string, sighting: Sighting, now: number): void;
  /** All that are known by now are to be looked for again, the newest first. */
  doubtAll(): void;
  /** One that was found, for a customer to look at again. */
  any(random: () => number): string | undefined;
  figures(): Omit<TrafficReport['orders'], 'sent'>;
}

/** How long after its acknowledgement an order is first looked for. */
const firstLookAfter = 5_000;
/** How long after it was not found, or the shop did not say, it is looked for again. */
const nextLookAfter = 2_000;

interface Entry {
  readonly id: string;
  readonly w: WriteConcern;
  readonly at: number;
  /** Looked for since it was last in doubt, and the shop said where it is. */
  settled: boolean;
  /** Found at the last look that told. */
  found: boolean;
  twice: boolean;
  /** Looks in a row that did not find it. One may have read a member that lags; the second counts. */
  missed: number;
  /** Given out to be looked for. */
  out: boolean;
}

/** An empty one. Its times are milliseconds of any one clock. */
export function createLedger(): Ledger {
  const entries: Entry[] = [];
  const byId = new Map<string, Entry>();
  /** All before it were given out for their first look. */
  let newest = 0;
  /** Where the second look at all is, going down; -1 when it is done. */
  let again = -1;
  /** To be looked for again, and when. */
  const later = new Map<Entry, number>();
  const counts = { settled: 0, verified: 0, one: 0, majority: 0, duplicates: 0 };

  const lost = (entry: Entry): boolean => entry.missed >= 2;
  const count = (entry: Entry, sign: 1 | -1): void => {
    if (entry.settled) counts.settled += sign;
    if (entry.found) counts.verified += sign;
    if (entry.twice) counts.duplicates += sign;
    if (lost(entry)) counts[entry.w === 1 ? 'one' : 'majority'] += sign;
  };
  const change = (entry: Entry, changes: Partial<Entry>): void => {
    count(entry, -1);
    Object.assign(entry, changes);
    count(entry, 1);
  };
  const give = (entry: Entry): string => {
    later.delete(entry);
    entry.out = true;
    return entry.id;
  };
  const dueLater = (now: number): Entry | undefined => {
    for (const [entry, time] of later) if (time <= now) return entry;
    return undefined;
  };
  /** Those that were settled again by other looks meanwhile need no look of their own. */
  const downwards = (): Entry | undefined => {
    for (; again >= 0; again -= 1) {
      const entry = entries[again];
      if (entry && !entry.settled && !entry.out && !later.has(entry)) return entry;
    }
    return undefined;
  };
  const upwards = (before: number): Entry | undefined => {
    for (; newest < entries.length; newest += 1) {
      const entry = entries[newest] as Entry;
      if (entry.at > before) return undefined;
      if (!entry.settled && !entry.out && !later.has(entry)) return entry;
    }
    return undefined;
  };

  return {
    acknowledged(id, w, now) {
      const entry: Entry = {
        id,
        w,
        at: now,
        settled: false,
        found: false,
        twice: false,
        missed: 0,
        out: false,
      };
      entries.push(entry);
      byId.set(id, entry);
    },
    next(now) {
      const entry = dueLater(now) ?? upwards(now - firstLookAfter) ?? downwards();
      return entry && give(entry);
    },
    nextOfAll(now) {
      const entry = dueLater(now) ?? upwards(Number.POSITIVE_INFINITY) ?? downwards();
      return entry && give(entry);
    },
    seen(id, sighting, now) {
      const entry = byId.get(id);
      if (!entry) return;
      entry.out = false;
      if (sighting === 'unknown') {
        later.set(entry, now + nextLookAfter);
      } else if (sighting === 'missing') {
        const missed = entry.missed + 1;
        change(entry, { settled: missed >= 2, found: false, missed });
        if (missed < 2) later.set(entry, now + nextLookAfter);
      } else {
        change(entry, { settled: true, found: true, twice: sighting === 'twice', missed: 0 });
      }
    },
    doubtAll() {
      for (const entry of entries) change(entry, { settled: false });
      again = entries.length - 1;
    },
    any(random) {
      const entry = entries[Math.floor(random() * newest)];
      return entry?.found ? entry.id : undefined;
    },
    figures: () => ({
      acknowledged: entries.length,
      verified: counts.verified,
      unverified: entries.length - counts.settled,
      lost: { one: counts.one, majority: counts.majority },
      duplicates: counts.duplicates,
    }),
  };
}
