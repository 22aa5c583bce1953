import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { noCache, openCache } from '../cache/cache.js';
import { createApp, createServer } from './app.js';
import { readConfig } from './config.js';
import { openDatabase } from './database.js';
import { deadline } from './deadline.js';
import { startRegistration } from './registration.js';
import { shardsOf } from './shards.js';

/**
 * Milliseconds without a request after which the gateway has noticed that this shop's entry is gone from the registry:
 * for as long as it has not, it asks each second whether the shop lives.
 */
const forgottenAfter = 1_500;
/** Who is on some other list too is asked for ever. */
const longestFarewell = 6_000;

/** Runs the shop until it is told to end; customers who are being served are served. */
async function runShop(): Promise<void> {
  const config = readConfig(process.env);
  const app = createServer();
  let lastAsked = 0;
  app.addHook('onRequest', async ({ url }) => {
    // That is what those ask who only look on.
    if (url !== '/health') lastAsked = performance.now();
  });
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
  const untilForgotten = async () => {
    const left = performance.now();
    const isQuiet = () => performance.now() - Math.max(left, lastAsked) >= forgottenAfter;
    while (!isQuiet() && performance.now() - left < longestFarewell) await delay(100);
  };
  const end = async () => {
    // Who is registered leaves first, and serves those whom the gateway still sends until it knows.
    if (registration && (await registration.leave())) await untilForgotten();
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
