import { setTimeout as delay } from 'node:timers/promises';
import { openClients } from '../../../src/lab/clients.js';
import type { Snapshot } from '../../../src/lab/snapshot.js';
import type { TestLab } from './test-lab.js';

/** Milliseconds that the members of a set have to find each other after a start. */
const deadline = 30_000;

/** The primaries of sets that have other members too: after a start those have to be elected. */
export function electedPrimaries(snapshot: Snapshot | undefined): readonly string[] {
  const nodes = snapshot?.nodes ?? [];
  return nodes.flatMap(({ service, mongo }) =>
    mongo?.role === 'primary' && (mongo.members ?? 1) > 1 ? [service] : [],
  );
}

/** Makes the primaries of before primaries again, without the ten seconds that members wait before they elect. */
export async function reelect(services: readonly string[], { lab }: TestLab): Promise<void> {
  const clients = openClients(lab.runtime);
  const elect = async (service: string): Promise<void> => {
    const admin = clients.mongo(service).db('admin');
    const end = Date.now() + deadline;
    for (;;) {
      const hello = await admin.command({ hello: 1 }).catch(() => undefined);
      if (hello?.isWritablePrimary) return;
      if (Date.now() > end) throw new Error(`${service} is not primary again`);
      await admin.command({ replSetStepUp: 1 }).catch(() => delay(50));
    }
  };
  try {
    await Promise.all(services.map(elect));
  } finally {
    await clients.close();
  }
}

/** Ends all servers at once: what they wrote since a checkpoint is thrown away, so they need not end well. */
export async function killAll({ lab }: TestLab): Promise<void> {
  const running = (await lab.runtime.services()).filter(({ state }) => state !== 'stopped');
  await Promise.all(running.map(({ name }) => lab.runtime.kill(name)));
}
