import { setTimeout as delay } from 'node:timers/promises';
import type { Document } from 'bson';
import { startedForSet } from '../compose/tier.js';
import type { Runtime } from '../runtime.js';
import { mongodCommand } from './mongod-command.js';

/** Milliseconds between two heartbeats where nobody said otherwise (manual: settings.heartbeatIntervalMillis). */
const usual = 2_000;
const quick = 200;
const replyWithin = 5_000;
/** Milliseconds in which a primary has its new config, whether or not the other members have it yet. */
const installWithin = 5_000;
const pause = 20;

/**
 * Lets sets grow fast: one that has a single member gets heartbeats every 200 ms. A primary makes the members that were
 * added into voters one by one, and hears of each step with a heartbeat (mongod 6.0: `newlyAdded`), so that two new
 * members take four seconds else. A set with more members is left alone: it would learn of the change as slowly.
 */
export async function quickenHeartbeats(runtime: Pick<Runtime, 'stack'>): Promise<void> {
  await changeInterval(runtime, { from: usual, to: quick, most: 1 });
}

/** Gives the sets that were quickened the usual heartbeats again. */
export async function calmHeartbeats(runtime: Pick<Runtime, 'stack'>): Promise<void> {
  await changeInterval(runtime, { from: quick, to: usual, most: Number.POSITIVE_INFINITY });
}

async function changeInterval(
  { stack }: Pick<Runtime, 'stack'>,
  { from, to, most }: { from: number; to: number; most: number },
): Promise<void> {
  const members = (stack()?.services ?? []).filter((service) => startedForSet(service) !== undefined);
  await Promise.all(
    members.map(async ({ ports: [port = 0] }) => {
      const ask = (command: Document) => mongodCommand(port, command, { within: replyWithin });
      const hello = await ask({ hello: 1 });
      if (hello?.isWritablePrimary !== true || hello.hosts?.length > most) return;
      const config = (await ask({ replSetGetConfig: 1 }))?.config as Document | undefined;
      if (intervalOf(config) !== from) return;
      const settings = { ...config?.settings, heartbeatIntervalMillis: to };
      // The reply comes when a majority has the config; the primary has it long before, and gives it to the others.
      const reply = ask({ replSetReconfig: { ...config, version: Number(config?.version) + 1, settings } });
      for (const until = Date.now() + installWithin; Date.now() < until; await delay(pause)) {
        const isRefused = await Promise.race([reply.then((given) => given?.ok !== 1), false]);
        const now = (await ask({ replSetGetConfig: 1 }))?.config as Document | undefined;
        if (isRefused || intervalOf(now) === to) return;
      }
    }),
  );
}

function intervalOf(config: Document | undefined): number {
  return Number(config?.settings?.heartbeatIntervalMillis);
}
