/** Looks whether the servers behind the router answer, so that one that hangs does not hang its clients. */

import { dropped } from '../../machine/debug-log.js';
import type { Log } from '../log.js';
import { NetworkError } from '../wire/errors.js';
import type { OperationsUnderWay, Silent } from './operations-under-way.js';
import type { ReplicaSet } from './replica-set.js';
import { createUpstream, type Upstream } from './upstream.js';

/** A server that leaves a hello unanswered for so long, in ms, is silent. */
export const silentAfterMs = 8_000;
/** What an operation that needs a shard without one answering member is given once that is known, in ms. */
const patienceMs = 2_000;
/** What it is given where members that answer may elect a primary (electionTimeoutMillis is 10 s), in ms. */
const electionPatienceMs = 10_000;

/** A set that is watched, and the name that an error calls it by. */
export interface Watched {
  readonly name: string;
  readonly set: ReplicaSet;
}

export interface Health {
  /** One look; to be called again and again, about once a second. */
  look(): void;
  close(): void;
}

interface Probe {
  /** A connection of its own: what is done to the clients' connections must not answer for the server. */
  readonly upstream: Upstream;
  asking: boolean;
  /** When the hello was sent that is not answered yet, in ms since the epoch. */
  since: number | undefined;
  silent: boolean;
  replaced: number | undefined;
}

export function createHealth(
  watched: () => readonly Watched[],
  upstreamAt: (address: string) => Upstream,
  operations: OperationsUnderWay,
  log: Log,
): Health {
  const probes = new Map<string, Probe>();
  let ending = false;

  const probeOf = (address: string): Probe => {
    const probe = probes.get(address) ?? {
      upstream: createUpstream(address),
      asking: false,
      since: undefined,
      silent: false,
      replaced: undefined,
    };
    probes.set(address, probe);
    return probe;
  };

  const forget = (set: ReplicaSet, address: string, why: string): void => {
    const upstream = upstreamAt(address);
    set.forget(upstream);
    upstream.reset(why);
  };

  const ask = async (probe: Probe, { set }: Watched): Promise<void> => {
    const { address } = probe.upstream;
    probe.asking = true;
    probe.since ??= Date.now();
    try {
      const hello = await probe.upstream.run('admin', { hello: 1 });
      const upstream = upstreamAt(address);
      if (!set.hear(upstream, hello)) set.forget(upstream);
      if (probe.silent) log(`${address} answers again`);
    } catch (error) {
      // A full queue of connections is silence too; a refused one is an answer: nobody is there.
      if (error instanceof NetworkError && error.timedOut) return;
      forget(set, address, (error as Error).message);
    } finally {
      probe.asking = false;
    }
    Object.assign(probe, { since: undefined, silent: false, replaced: undefined });
  };

  const lookAt = (one: Watched, address: string): Silent | undefined => {
    const probe = probeOf(address);
    if (!probe.asking) void ask(probe, one);
    const { since } = probe;
    if (since === undefined || Date.now() - since < silentAfterMs) return undefined;
    if (!probe.silent) {
      probe.silent = true;
      const what = `${one.name} takes connections but has not answered for ${silentAfterMs / 1000} s`;
      log(`${address} of ${what}`);
      forget(one.set, address, `this member of ${what} (is it paused?)`);
    }
    const primary = one.set.knownPrimary;
    if (primary && primary.address !== address) probe.replaced ??= Date.now();
    const others = one.set.members.some((member) => !probes.get(member)?.since);
    const patience = others && probe.replaced === undefined ? electionPatienceMs : patienceMs;
    return { name: one.name, address, since, replaced: probe.replaced, patienceMs: patience };
  };

  return {
    look() {
      const silent: Silent[] = [];
      const answering: Upstream[] = [];
      for (const one of watched()) {
        for (const address of one.set.members) {
          const found = lookAt(one, address);
          if (found) silent.push(found);
          else answering.push(probeOf(address).upstream);
        }
        // Whoever is primary is to be known before it is missed.
        if (!one.set.knownPrimary) void one.set.primary(0).catch(dropped);
      }
      if (silent.length === 0 || ending) return;
      ending = true;
      void operations.endWaitingFor(silent, answering).finally(() => {
        ending = false;
      });
    },
    close() {
      for (const { upstream } of probes.values()) upstream.reset('the router is closing');
    },
  };
}
