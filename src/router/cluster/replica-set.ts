/** One replica set as the router sees it: who its members are and which of them is primary now. */

import { setTimeout as delay } from 'node:timers/promises';
import { dropped } from '../../machine/debug-log.js';
import type { Log } from '../log.js';
import type { Document } from '../wire/document-type.js';
import { NetworkError, ServerError } from '../wire/errors.js';
import type { Upstream } from './upstream.js';

/** How long a member may take to answer a hello before it counts as unreachable. */
const helloTimeoutMs = 2_000;
const firstPauseMs = 25;
const longestPauseMs = 500;
/** mongos's defaultFindReplicaSetHostTimeoutMS: how long an operation waits for a primary, an election included. */
export const primaryWaitMs = 15_000;
/** Where every member answers that the set was never initiated, no election is under way: waiting is of less use. */
export const uninitiatedWaitMs = 2_000;
/** Where every member takes connections and says nothing (a paused process does), nobody is left to hold an election. */
export const silentWaitMs = 4_000;
/**
 * A primary of an older election steps down once it hears of the newer one, or after electionTimeoutMillis (10 s)
 * alone. One that says so for longer is of a set that was begun anew.
 */
const outdatedMs = 15_000;

export interface ReplicaSet {
  readonly name: string;
  readonly members: readonly string[];
  /** True once `members` are those that the set's primary names, and not only seeds. */
  readonly confirmed: boolean;
  /**
   * The primary, waiting for one to be found or elected.
   * @throws ServerError FailedToSatisfyReadPreference (133), with mongos's words, when the wait is over; NetworkTimeout
   * (89) when no member says anything
   */
  primary(waitMs?: number): Promise<Upstream>;
  /** The primary last found, without asking anyone. */
  readonly knownPrimary: Upstream | undefined;
  /**
   * Takes what a member said of itself: a primary is remembered, and with it the set's members as they are now. One
   * that was elected before another that is known (it was paused, or cut off, and does not know better yet) is none.
   * False where it belongs to another set, or to none.
   */
  hear(upstream: Upstream, hello: Document): boolean;
  /** Says that `upstream` is not (or no longer) primary or does not answer. */
  forget(upstream: Upstream): void;
  /** Members that config.shards or the command line name; those of the set's own configuration replace them once it answers. */
  seed(addresses: readonly string[]): void;
}

interface Found {
  primary: Upstream | undefined;
  /** Every member answered, and none of them has a replica set configuration. */
  uninitiated: boolean;
  /** Every member left the question unanswered. */
  silent: boolean;
}

export function createReplicaSet(
  name: string,
  seeds: readonly string[],
  upstreamAt: (address: string) => Upstream,
  log: Log,
): ReplicaSet {
  let members = [...seeds];
  let known: Upstream | undefined;
  let confirmed = false;
  /** Of the newest primary heard of: the id of its election, which grows with the term. */
  let newest = '';
  /** Since when only primaries of older elections are heard of. */
  let outdatedSince: number | undefined;
  let search: Promise<Found> | undefined;
  /** Ends the search that is under way: a primary was heard of meanwhile. */
  let found: ((primary: Upstream) => void) | undefined;
  let told = '';

  const tell = (what: string) => {
    if (what !== told) log(what);
    told = what;
  };

  const isOutdated = (election: string): boolean => {
    if (election >= newest) return false;
    outdatedSince ??= Date.now();
    return Date.now() - outdatedSince < outdatedMs;
  };

  const hear = (upstream: Upstream, hello: Document): boolean => {
    if (hello.setName !== name) return false;
    if (hello.isWritablePrimary !== true || isOutdated(String(hello.electionId ?? ''))) {
      forget(upstream);
      return true;
    }
    newest = String(hello.electionId ?? '');
    outdatedSince = undefined;
    known = upstream;
    members = [...(hello.hosts ?? []), ...(hello.passives ?? [])];
    confirmed = true;
    found?.(upstream);
    tell(`Primary of set ${name} is ${upstream.address}`);
    return true;
  };

  const forget = (upstream: Upstream): void => {
    if (known === upstream) known = undefined;
  };

  const askAll = async (): Promise<Found> => {
    let named: string[] | undefined;
    let uninitiated = true;
    let unanswered = 0;
    const ask = async (address: string): Promise<Upstream | undefined> => {
      const upstream = upstreamAt(address);
      let hello: Document;
      try {
        hello = await upstream.run('admin', { hello: 1 }, helloTimeoutMs);
      } catch (error) {
        uninitiated = false;
        if (error instanceof NetworkError && error.timedOut) unanswered++;
        tell(`Cannot reach ${address} of set ${name}: ${(error as Error).message}`);
        return undefined;
      }
      if (hello.setName === undefined && hello.isreplicaset === true) return undefined;
      uninitiated = false;
      if (!hear(upstream, hello)) {
        tell(`${address} belongs to set ${hello.setName ?? '(none)'}, not to ${name}`);
        return undefined;
      }
      named ??= [...(hello.hosts ?? []), ...(hello.passives ?? [])];
      return known;
    };
    // The first primary to answer wins: a member that hangs must not hold up the others.
    const asked = members.map(ask);
    const primary = await Promise.any(
      asked.map(async (answer) => (await answer) ?? Promise.reject(new Error('no primary'))),
    ).catch(dropped);
    // Without a primary, a secondary's word on who else there is helps to find one.
    if (!primary && named && named.length > 0) members = [...new Set([...named, ...members])];
    const some = asked.length > 0;
    return { primary, uninitiated: some && uninitiated, silent: some && unanswered === asked.length };
  };

  // In a container's network nobody refuses connections for a member that is dead: asking it takes seconds, and whoever
  // hears of a new primary meanwhile (the router's own looks, each second) must not wait for that.
  const look = (): Promise<Found> => {
    if (search) return search;
    const heard = new Promise<Found>((resolve) => {
      found = (primary) => resolve({ primary, uninitiated: false, silent: false });
    });
    search = Promise.race([askAll(), heard]).finally(() => {
      search = undefined;
      found = undefined;
    });
    return search;
  };

  return {
    name,
    get members() {
      return members;
    },
    get confirmed() {
      return confirmed;
    },
    get knownPrimary() {
      return known;
    },
    async primary(waitMs = primaryWaitMs) {
      if (known) return known;
      const start = Date.now();
      for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
        const seen = await look();
        if (seen.primary) return seen.primary;
        const limit = seen.uninitiated ? uninitiatedWaitMs : seen.silent ? silentWaitMs : waitMs;
        if (Date.now() - start + pause > Math.min(limit, waitMs)) {
          if (seen.silent) {
            throw new ServerError(
              'NetworkTimeout',
              `course router: no member of set ${name} answers: ${members.join(', ')} takes connections and says nothing (is it paused?)`,
            );
          }
          throw new ServerError(
            'FailedToSatisfyReadPreference',
            `Could not find host matching read preference { mode: "primary" } for set ${name}`,
          );
        }
        await delay(pause);
      }
    },
    hear,
    forget,
    seed(addresses) {
      members = [...new Set([...addresses, ...members])];
    },
  };
}
