/** The router's own entry in config.mongos, by which sh.status() counts it. */
import { hostname } from 'node:os';
import { mongoVersion } from './commands/self.js';
import type { Router } from './router.js';

/** mongos does so every 10 s too (`kUptimeReportInterval`). */
export const registrationIntervalMs = 10_000;

/** Writes or renews the entry. Rejects while the config servers cannot be reached: the next time will do. */
export async function register({ cluster, identity }: Router): Promise<void> {
  const { host, port, started } = identity;
  const entry = {
    advisoryHostFQDNs: [],
    created: started,
    mongoVersion,
    ping: new Date(),
    up: BigInt(Math.floor((Date.now() - started.getTime()) / 1000)),
    waiting: true,
    courseRouter: true,
  };
  const _id = `${host === '0.0.0.0' ? hostname() : host}:${port}`;
  await cluster.onPrimary(
    cluster.config,
    (primary) =>
      primary.run('config', {
        update: 'mongos',
        updates: [{ q: { _id }, u: { $set: entry }, upsert: true }],
        writeConcern: { w: 1 },
      }),
    true,
  );
}
