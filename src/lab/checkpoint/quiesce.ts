import { MongoClient } from 'mongodb';
import type { Runtime } from '../runtime.js';

/** Milliseconds that a server has to connect before the lab counts as one that cannot be copied now. */
const connectWithin = 3_000;
/** Milliseconds that a lock may take: it waits for writes that are under way. */
const lockWithin = 10_000;

/** Servers whose writes are held back, so that their files may be copied. */
export interface Held {
  /** Lets all of them write again. */
  release(): Promise<void>;
}

/** The lab's mongods, connected and flushed, ready to be held for a moment. */
export interface Quiescing {
  /**
   * Holds the writes of all mongods at once (`fsyncLock`), so that their copies are of one moment. Where one cannot be
   * held, none is.
   */
  hold(): Promise<Held>;
  close(): Promise<void>;
}

/**
 * Connects to every mongod of the lab and has it write to its files what is only in memory, so that the moment in which
 * writes are held back is short. Throws what the driver throws.
 */
export async function prepareToHold(runtime: Runtime, services: readonly string[]): Promise<Quiescing> {
  const clients = services.map(
    (service) =>
      new MongoClient(`mongodb://${runtime.address(service)}/`, {
        appName: 'mongo-scale-course checkpoint',
        directConnection: true,
        serverSelectionTimeoutMS: connectWithin,
        maxPoolSize: 2,
      }),
  );
  const close = async () => void (await Promise.all(clients.map((client) => client.close())));
  try {
    await Promise.all(clients.map((client) => client.db('admin').command({ fsync: 1 })));
  } catch (cause) {
    await close();
    throw cause;
  }
  return {
    close,
    async hold() {
      const locks = await Promise.allSettled(clients.map(lock));
      const release = async () => {
        const locked = clients.filter((_, index) => locks[index]?.status === 'fulfilled');
        // A server that has ended meanwhile is not locked any more, and keeps no other from being let go.
        await Promise.allSettled(locked.map(unlock));
      };
      const failed = locks.find((result) => result.status === 'rejected');
      if (!failed) return { release };
      await release();
      throw failed.reason;
    },
  };
}

async function lock(client: MongoClient): Promise<void> {
  await client.db('admin').command({ fsync: 1, lock: true, fsyncLockAcquisitionTimeoutMillis: lockWithin });
}

/** Each `fsyncLock` wants its own `fsyncUnlock` (manual: fsyncUnlock, "lock count"); a lock of the learner's stays. */
async function unlock(client: MongoClient): Promise<void> {
  await client.db('admin').command({ fsyncUnlock: 1 });
}
