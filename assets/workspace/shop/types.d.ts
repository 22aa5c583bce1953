import type { Cluster, Redis } from 'ioredis';

/** Which Redis the shop connects to. */
export interface Connection {
  /** Services: one, or some of a cluster's nodes, which tell of the others. */
  nodes: string[];
  /** Whether they are a Redis Cluster. */
  cluster?: boolean;
  /** Of a cluster whose nodes announce addresses that the shop cannot reach: `announced: 'reachable'`, as host:port. */
  natMap?: Record<string, string>;
}

/** What the shop hands to your functions. */
export interface Shop {
  /** A connected ioredis client: get, set, del, eval, … */
  redis: Redis | Cluster;
}

/** Asks MongoDB. `null` where there is no such thing; throws where the database is away. */
export type Load = () => Promise<unknown>;
