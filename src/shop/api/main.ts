import { join } from 'node:path';
import { createApp, createServer } from './app.js';
import { readConfig } from './config.js';
import { openDatabase } from './database.js';

/** Runs the shop until it is told to end; customers who are being served are served. */
async function runShop(): Promise<void> {
  const config = readConfig(process.env);
  const app = createServer();
  const database = openDatabase(config.mongodbUrl, config.database, (now) => app.log.info(now));
  await createApp(app, { config, database, docs: join(import.meta.dirname, 'static') });
  const end = async () => {
    await app.close();
    await database.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end());
  await app.listen({ host: config.host, port: config.port });
}

runShop().catch((error: Error) => {
  process.stderr.write(`The shop cannot start: ${error.message}\n`);
  process.exit(1);
});
