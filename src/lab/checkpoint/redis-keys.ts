import type { Redis } from 'ioredis';
import type { Content } from './manifest.js';

type Keys = Content['redis'][string];

/** Keys that one Redis may have for a checkpoint: a lab's cache holds some thousands. */
const mostKeys = 50_000;
const batch = 1_000;

/**
 * Every key of a Redis with its value (`DUMP`) and the milliseconds it has left, 0 for no end. The servers of the lab
 * keep nothing on disk, so their files do not hold it. Undefined where there are too many to keep.
 */
export async function readKeys(redis: Redis): Promise<Keys | undefined> {
  if ((await redis.dbsize()) > mostKeys) return undefined;
  const names = new Map<string, Buffer>();
  let cursor = '0';
  do {
    const [next, found] = await redis.scanBuffer(cursor, 'COUNT', batch);
    for (const name of found) names.set(name.toString('base64'), name);
    cursor = next.toString();
  } while (cursor !== '0');
  const keys = await Promise.all(
    [...names].map(async ([key, name]) => {
      const [ttl, dump] = await Promise.all([redis.pttl(name), redis.dumpBuffer(name)]);
      return dump === null || ttl === -2
        ? []
        : [{ key, ttl: Math.max(0, ttl), dump: dump.toString('base64') }];
    }),
  );
  return keys.flat();
}

/** Puts the keys back. Throws what Redis answers. */
export async function writeKeys(redis: Redis, keys: Keys): Promise<void> {
  await Promise.all(
    keys.map(({ key, ttl, dump }) =>
      redis.restore(Buffer.from(key, 'base64'), ttl, Buffer.from(dump, 'base64'), 'REPLACE'),
    ),
  );
}
