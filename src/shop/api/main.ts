import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { noCache, openCache } from '../cache/cache.js';
import { createApp, createServer } from './app.js';
import { readConfig } from './config.js';
import { openDatabase } from './database.js';
import { deadline } from './deadline.js';
import { startRegistration } from './registration.js';
import { shardsOf } from './shards.js';

/** Milliseconds that a gateway takes to notice that an entry of its registry is gone. */
const gatewayNotices = 1_500;

/** Runs the shop until it is told to end; customers who are being served are served. */
async function runShop(): Promise<void> {
  const config = readConfig(process.env);
  const app = createServer();
  const database = openDatabase(config.mongodbUrl, config.database, (now) => app.log.info(now));
  const tell = (words: string) => app.log.info(words);
  const cache = config.cache
    ? openCache({
        ...config.cache,
        database: config.database,
        shards: async () => (await shardsOf(database, deadline())).map(({ host }) => host),
        log: tell,
      })
    : noCache;
  await createApp(app, { config, database, cache, docs: join(import.meta.dirname, 'static') });
  const registration = config.registration && startRegistration(config.registration, tell);
  const end = async () => {
    // Who is registered leaves first, and serves those whom the gateway still sends until it knows.
    if (registration && (await registration.leave())) await delay(gatewayNotices);
    await app.close();
    await cache.close();
    await database.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end());
  await app.listen({ host: config.host, port: config.port });
}

runShop().catch((error: Error) => {
  process.stderr.write(`The shop cannot start: ${error.message}\n`);
  process.exit(1);
});
