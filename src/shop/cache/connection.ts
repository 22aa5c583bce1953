import { Cluster, Redis } from 'ioredis';

/** The client that the learner's functions are given. */
export type RedisClient = Redis | Cluster;

/** Which Redis to connect to, as `cache.js` exports it. */
export interface Connection {
  readonly nodes: readonly string[];
  readonly cluster: boolean;
  readonly natMap: Readonly<Record<string, string>>;
}

/** Milliseconds. A cache that does not answer in this time is slower than what it stands in for. */
const patience = 1_000;
const longestPause = 500;

/** Reads what the learner exports as `connection`. @throws Error in his words */
export function readConnection(exported: unknown, known: ReadonlyMap<string, string>): Connection {
  const { nodes, cluster = false, natMap = {} } = (exported ?? {}) as Partial<Connection>;
  const names = [...known.keys()].join(', ');
  if (!Array.isArray(nodes) || nodes.length === 0) {
    throw new Error(`connection.nodes has to name at least one of ${names}`);
  }
  const unknown = nodes.find((name) => !known.has(name));
  if (unknown !== undefined) throw new Error(`connection.nodes has '${unknown}', which is none of ${names}`);
  if (!cluster && nodes.length > 1) {
    throw new Error('connection.nodes has several nodes, and connection.cluster is not true');
  }
  for (const [announced, reachable] of Object.entries(natMap)) {
    if (!/:\d+$/.test(announced) || !/:\d+$/.test(reachable)) {
      throw new Error(
        `connection.natMap has '${announced}': '${reachable}', where both have to be host:port`,
      );
    }
  }
  return { nodes, cluster, natMap };
}

/** Opens a client and returns at once. @param addresses `host:port` of each node by its name */
export function openClient(connection: Connection, addresses: ReadonlyMap<string, string>): RedisClient {
  const nodes = connection.nodes.map((name) => hostAndPort(addresses.get(name) ?? name));
  // Whoever asks while there is no connection is told so at once: a customer is waiting.
  const options = { connectTimeout: patience, commandTimeout: patience, maxRetriesPerRequest: 1 };
  const pause = (times: number) => Math.min(times * 50, longestPause);
  const client = connection.cluster
    ? new Cluster(nodes, {
        redisOptions: options,
        enableOfflineQueue: false,
        clusterRetryStrategy: pause,
        slotsRefreshTimeout: patience,
        natMap: Object.fromEntries(
          Object.entries(connection.natMap).map(([announced, at]) => [announced, hostAndPort(at)]),
        ),
      })
    : new Redis({ ...nodes[0], ...options, enableOfflineQueue: false, retryStrategy: pause });
  // Without a listener each failed try to connect would be printed; what is asked meanwhile fails by itself.
  client.on('error', () => {});
  return client;
}

/** Resolves when the client is connected, or after a while without. */
export async function untilReady(client: RedisClient): Promise<void> {
  if (client.status === 'ready') return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, patience);
    client.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function hostAndPort(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
}
