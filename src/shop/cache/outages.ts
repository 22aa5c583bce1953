import type { Command } from 'ioredis';
import type { RedisClient } from './connection.js';

/** A time in which a part of the keys could not be reached, as the shop's own commands found out. */
export interface KeyOutage {
  /** The first hash slot of the part; 0 where there is no cluster. */
  readonly slot: number;
  /** When the first command that failed was sent, in milliseconds since the epoch. */
  readonly from: number;
  /** Why that one failed: `Command timed out`. */
  readonly why: string;
  /** When the next one in the same part was answered; null while there was none. */
  readonly to: number | null;
}

/** Only so many are remembered. */
const kept = 10;

/**
 * Watches every command that a client is given, by whomever: `cache.js` may well keep its failures to itself. What
 * Redis refuses is an answer; what is no answer, or `CLUSTERDOWN`, is an outage.
 */
export function watchOutages(client: RedisClient): { outages(): readonly KeyOutage[] } {
  let outages: readonly KeyOutage[] = [];
  const failed = (slot: number, at: number, why: string): void => {
    if (outages.some((one) => one.slot === slot && one.to === null)) return;
    outages = [...outages, { slot, from: at, why, to: null }].slice(-kept);
  };
  const answered = (slot: number): void => {
    if (!outages.some((one) => one.slot === slot && one.to === null)) return;
    const to = Date.now();
    outages = outages.map((one) => (one.slot === slot && one.to === null ? { ...one, to } : one));
  };
  const send = client.sendCommand.bind(client) as (...args: readonly unknown[]) => unknown;
  const known = new WeakSet<object>();
  client.sendCommand = (command: Command, ...rest: readonly unknown[]) => {
    // A cluster sends a command again through here when it was sent to the wrong node.
    if (!known.has(command)) {
      known.add(command);
      // Commands without a key (PING) tell nothing of any part.
      const own = command.getSlot();
      if (own !== null) {
        const slot = partOf(client, own);
        const at = Date.now();
        command.promise.then(
          () => answered(slot),
          (error: Error) => (isOutage(error) ? failed(slot, at, error.message) : answered(slot)),
        );
      }
    }
    return send(command, ...rest);
  };
  return { outages: () => outages };
}

function isOutage({ name, message }: Error): boolean {
  return name !== 'ReplyError' || /^CLUSTERDOWN|Too many Cluster redirections/.test(message);
}

/** The first slot of the range that is served by one master together with this one: it outlives that master. */
function partOf(client: RedisClient, slot: number): number {
  const slots = 'slots' in client ? (client.slots as readonly (readonly string[] | undefined)[]) : [];
  const owners = slots[slot];
  if (owners === undefined) return 0;
  let first = slot;
  while (first > 0 && slots[first - 1] === owners) first -= 1;
  return first;
}
