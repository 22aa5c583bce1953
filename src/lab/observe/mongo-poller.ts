import { dropped } from '../../machine/debug-log.js';
import type { ServiceStatus } from '../runtime.js';
import type { Clients } from './clients.js';
import { hello, patience, type Said, silent } from './hello.js';

/**
 * Milliseconds after which all are asked again though none has said that it is another: what they push is which
 * part they play, not how far their writes are.
 */
const interval = 2_000;

/** What MongoDB servers say of themselves. */
export interface MongoPoller {
  /** Of all these, as of one and the same moment: what one wrote can be compared with what another wrote. */
  of(running: readonly ServiceStatus[]): Promise<ReadonlyMap<string, Said>>;
}

/**
 * Asks all of them where anything may have changed: a process is another one, a server pushed that it plays another
 * part (which the driver listens for), one was silent, or the last answers are too old. At rest it asks nobody.
 */
export function openMongoPoller(clients: Clients): MongoPoller {
  let last: { at: number; changes: number; processes: string; said: ReadonlyMap<string, Said> } | undefined;
  return {
    async of(running) {
      const at = Date.now();
      // Before they are asked: what changes meanwhile is asked for by the next look.
      const changes = clients.changes();
      const processes = running
        .map(({ name, pid, since, detail }) => [name, pid, since, detail].join())
        .join();
      if (last && last.changes === changes && last.processes === processes && at - last.at < interval) {
        return last.said;
      }
      const said = new Map(
        await Promise.all(running.map(async ({ name }) => [name, await ask(name, clients)] as const)),
      );
      const complete = ![...said.values()].includes(silent);
      last = complete ? { at, changes, processes, said } : undefined;
      return said;
    },
  };
}

async function ask(service: string, clients: Clients): Promise<Said> {
  try {
    return hello(await clients.mongo(service).db('admin').command({ hello: 1, maxTimeMS: patience }));
  } catch (error) {
    dropped(error);
    return silent;
  }
}
