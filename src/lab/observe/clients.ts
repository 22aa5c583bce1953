import type { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import type { Runtime } from '../runtime.js';
import { patience } from './hello.js';

/** The course's own connections to the lab's servers: opened when first asked for, kept while the lab is watched. */
export interface Clients {
  /** On exactly this node, or on the cluster where the service is a router. */
  mongo(service: string): MongoClient;
  /** On exactly this Redis, cluster node or not. Loaded when first asked for: most stages have none. */
  redis(service: string): Promise<Redis>;
  /** How often a server has said, unasked, that it is not what it was: primary, member, gone. */
  changes(): number;
  close(): Promise<void>;
}

/**
 * Timeouts are short: a node that does not answer is something to show, not to wait for. A node that was down
 * is found again within half a second, the driver's shortest time between two looks at a server.
 */
export function openClients(runtime: Pick<Runtime, 'address'>): Clients {
  const clients = new Map<string, MongoClient>();
  const redises = new Map<string, Promise<Redis>>();
  let changes = 0;
  return {
    mongo(service) {
      const known = clients.get(service);
      if (known) return known;
      const client = new MongoClient(`mongodb://${runtime.address(service)}/`, {
        appName: 'mongo-scale-course',
        directConnection: true,
        serverSelectionTimeoutMS: 700,
        connectTimeoutMS: 700,
        socketTimeoutMS: 5_000,
        // A server says by itself when its part in the cluster changes, so that nobody need ask at rest.
        serverMonitoringMode: 'stream',
        maxPoolSize: 5,
        minPoolSize: 0,
        retryReads: false,
        retryWrites: false,
      });
      client.on('serverDescriptionChanged', () => {
        changes += 1;
      });
      clients.set(service, client);
      return client;
    },
    redis(service) {
      const known = redises.get(service) ?? openRedis(runtime.address(service));
      redises.set(service, known);
      return known;
    },
    changes: () => changes,
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
      clients.clear();
      for (const redis of redises.values()) (await redis).disconnect();
      redises.clear();
    },
  };
}

/** A node that does not answer is something to show, not to wait for; it is found again within half a second. */
async function openRedis(address: string): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const [host = '', port = ''] = address.split(':');
  const redis = new Redis({
    host,
    port: Number(port),
    connectionName: 'mongo-scale-course',
    lazyConnect: true,
    connectTimeout: patience,
    commandTimeout: patience,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 500,
    // A node that still reads its data, or whose cluster is down, is to be asked all the same.
    enableReadyCheck: false,
  });
  // Without a listener each failure to connect would be printed; each command fails by itself.
  redis.on('error', () => {});
  return redis;
}
