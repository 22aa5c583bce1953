import type { MongoClient } from 'mongodb';
import { dropped } from '../../machine/debug-log.js';
import type { Runtime } from '../runtime.js';

/** Whether `fsyncLock` holds this node's writes back. */
export async function isLocked(client: MongoClient): Promise<boolean> {
  // An `ns` that nobody has: only the lock is asked for, not the operations.
  const { fsyncLock } = await client.db('admin').command({ currentOp: 1, active: true, ns: 'none' });
  return fsyncLock === true;
}

/**
 * Lets every mongod write again that `fsyncLock` holds back, however often it was locked. A server that does not
 * answer is passed over. Gives the services that were locked.
 */
export async function undoLocks(runtime: Runtime): Promise<readonly string[]> {
  const mongods = new Set(
    runtime.stack()?.services.flatMap(({ name, program }) => (program === 'mongod' ? [name] : [])),
  );
  const running = (await runtime.services()).filter(
    ({ name, state }) => mongods.has(name) && state === 'running',
  );
  // Here, because every command loads this module, and few need the driver.
  const { openClients } = await import('../observe/clients.js');
  const clients = openClients(runtime);
  try {
    const locked = await Promise.all(
      running.map(async ({ name }) =>
        (await unlock(clients.mongo(name)).catch((error) => dropped(error) ?? false)) ? [name] : [],
      ),
    );
    return locked.flat();
  } finally {
    await clients.close();
  }
}

/** True where it was locked. Each `fsyncLock` wants its own `fsyncUnlock` (manual: fsyncUnlock, "lock count"). */
async function unlock(client: MongoClient): Promise<boolean> {
  if (!(await isLocked(client))) return false;
  for (let locks = 1; locks > 0; ) {
    const { lockCount } = await client.db('admin').command({ fsyncUnlock: 1 });
    locks = Number(lockCount);
  }
  return true;
}
