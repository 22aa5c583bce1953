import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { openClients } from '../../../src/lab/clients.js';
import type { Lab } from '../../../src/lab/lab.js';
import type { TestLab } from './test-lab.js';

/** A lab's state at one moment, to come back to. */
export interface Checkpoint {
  restore(): Promise<void>;
  discard(): Promise<void>;
}

/** Milliseconds that the members of a set have to find each other after a start. */
const electionDeadline = 30_000;

/**
 * Keeps the local lab as it is now: a copy of its home with every server stopped cleanly. Holes stay holes, since
 * a mongod's journal is mostly empty.
 */
export async function takeCheckpoint({ home, lab, grader }: TestLab): Promise<Checkpoint> {
  const stage = lab.stage() as string;
  const copy = `${home.root}.checkpoint`;
  const copyTree = (from: string, to: string) => execa('cp', ['-a', '--sparse=always', from, to]);
  const before = await grader.observe();
  const primaries = (before?.nodes ?? []).flatMap(({ service, mongo }) =>
    mongo?.role === 'primary' && (mongo.members ?? 1) > 1 ? [service] : [],
  );
  const up = async () => {
    await lab.up(stage, () => {});
    await reelect(primaries, lab);
  };

  await lab.down({ purge: false });
  await copyTree(home.root, copy);
  await up();
  return {
    async restore() {
      // What they wrote since is thrown away: no need to let them end well.
      const running = (await lab.runtime.services()).filter(({ state }) => state !== 'stopped');
      await Promise.all(running.map(({ name }) => lab.runtime.kill(name)));
      await lab.down({ purge: false });
      await rm(home.root, { recursive: true, force: true });
      await copyTree(copy, home.root);
      await up();
    },
    discard: () => rm(copy, { recursive: true, force: true }),
  };
}

/** Makes the primaries of before primaries again, without the ten seconds that members wait before they elect. */
async function reelect(services: readonly string[], { runtime }: Lab): Promise<void> {
  const clients = openClients(runtime);
  const elect = async (service: string): Promise<void> => {
    const admin = clients.mongo(service).db('admin');
    const deadline = Date.now() + electionDeadline;
    for (;;) {
      const hello = await admin.command({ hello: 1 }).catch(() => undefined);
      if (hello?.isWritablePrimary) return;
      if (Date.now() > deadline) throw new Error(`${service} is not primary again`);
      await admin.command({ replSetStepUp: 1 }).catch(() => delay(50));
    }
  };
  try {
    await Promise.all(services.map(elect));
  } finally {
    await clients.close();
  }
}
