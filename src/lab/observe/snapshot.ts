import type { Tier } from '../compose/tier.js';
import type { RuntimeKind, ServiceStatus } from '../runtime.js';

/**
 * What a MongoDB server says it is. `uninitiated`: started with --replSet, no configuration yet.
 * `silent`: its process runs but it does not answer within the time a snapshot has.
 */
export type MongoRole =
  | 'standalone'
  | 'uninitiated'
  | 'primary'
  | 'secondary'
  | 'arbiter'
  | 'recovering'
  | 'router'
  | 'silent';

export interface MongoView {
  readonly role: MongoRole;
  /** The replica set's name, once initiated. */
  readonly set?: string | undefined;
  /** `host:port` of the set's primary as the members name it. */
  readonly primary?: string | undefined;
  readonly members?: number | undefined;
  /**
   * Of a secondary: whole seconds that its last write is older than the primary's, from 2 on; less is the noise of
   * two clocks that count seconds.
   */
  readonly lag?: number | undefined;
}

/**
 * What a Redis says it is. `single`: no cluster; `unjoined`: started as a node of a cluster that nobody has created;
 * `silent`: its process runs but it does not answer within the time a snapshot has.
 */
export type RedisRole = 'single' | 'unjoined' | 'master' | 'replica' | 'silent';

export interface RedisView {
  readonly role: RedisRole;
  /** Of a master: how many of the 16,384 hash slots it serves. */
  readonly slots?: number | undefined;
  /** Of a replica: its master's service. */
  readonly of?: string | undefined;
  /** Of a replica: whether it reaches its master. */
  readonly linked?: boolean | undefined;
  /** Of a node of a cluster: how many nodes it knows, itself among them. */
  readonly nodes?: number | undefined;
  readonly keys?: number | undefined;
  /** Of all reads since its start, the whole per cent that found their key; undefined before the first. */
  readonly hitRate?: number | undefined;
}

/** One that a gateway sends customers to. */
export interface GatewayServer {
  readonly url: string;
  /** The service at that address; undefined where there is none. */
  readonly service?: string | undefined;
  /** False where the gateway's own health check says that it is down. */
  readonly up: boolean;
}

/** Names are as Traefik has them: `shop@file`, `shop@redis`. */
export interface GatewayService {
  readonly name: string;
  readonly servers: readonly GatewayServer[];
  readonly healthCheck?: { readonly path: string; readonly interval: string } | undefined;
  /** Of one that shares its customers out among other services. */
  readonly weights?: readonly { readonly service: string; readonly weight: number }[] | undefined;
}

export interface GatewayRouter {
  readonly name: string;
  readonly rule: string;
  readonly service: string;
  /** In the order in which a request passes them. */
  readonly middlewares: readonly string[];
  readonly error?: string | undefined;
}

export interface GatewayMiddleware {
  readonly name: string;
  /** `retry`, `rateLimit`, `circuitBreaker`, … */
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly error?: string | undefined;
}

/** The rules a gateway works by, and whom it sends customers to. */
export interface GatewayView {
  /** Its process runs, but its API does not answer. */
  readonly silent?: boolean | undefined;
  readonly routers: readonly GatewayRouter[];
  readonly services: readonly GatewayService[];
  readonly middlewares: readonly GatewayMiddleware[];
}

export interface EdgeRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly uri: string;
  readonly status: number;
  /** `MISS`, `HIT`, `EXPIRED`, `STALE`, …; missing where no cache was asked. */
  readonly cache?: string | undefined;
  readonly region?: string | undefined;
}

/** What an edge did lately. */
export interface EdgeView {
  /** Its last requests, the oldest first. */
  readonly recent: readonly EdgeRequest[];
}

/**
 * What a shop says of itself. `serving`: it has products to sell; `empty`: it reaches its data, and there are none;
 * `away`: it cannot reach them; `silent`: its process runs but it does not answer.
 */
export interface ShopView {
  readonly status: 'serving' | 'empty' | 'away' | 'silent';
  /** What it is connected to, in the driver's words: `Single`, `Sharded`. */
  readonly topology?: string | undefined;
}

/** A node as a live member of its replica set sees it (`replSetGetStatus`, sets of two and more). */
export interface MemberView {
  /** MongoDB's own word: `PRIMARY`, `SECONDARY`, `STARTUP2`, `ROLLBACK`, `(not reachable/healthy)`, … */
  readonly state: string;
  /** False where the set's heartbeats get no answer from it. */
  readonly healthy: boolean;
}

/** What lies on a node that takes writes, MongoDB's own databases left out (`dbStats`). */
export interface HeldData {
  readonly documents: number;
  /** Uncompressed, as MongoDB counts documents. */
  readonly bytes: number;
}

export interface NodeView {
  readonly service: string;
  readonly tier: Tier;
  /** The replica set it was started for, whether or not it is in it. */
  readonly startedFor?: string | undefined;
  readonly status: ServiceStatus;
  /** Only for mongod and mongos. */
  readonly mongo?: MongoView | undefined;
  /** Only for Redis. */
  readonly redis?: RedisView | undefined;
  /** Only for Traefik. */
  readonly gateway?: GatewayView | undefined;
  /** Only for nginx. */
  readonly edge?: EdgeView | undefined;
  /** Only for the shop. */
  readonly shop?: ShopView | undefined;
  readonly member?: MemberView | undefined;
  /** Of a primary or a standalone that holds the shop's data; a few seconds old at most. */
  readonly data?: HeldData | undefined;
}

/** One entry of the cluster's `listShards`. */
export interface ShardView {
  readonly id: string;
  /** `shard1/127.0.0.1:27111` */
  readonly host: string;
  readonly draining: boolean;
}

/** A chunk on its way from one shard to another. */
export interface MoveView {
  /** `database.collection` */
  readonly namespace: string;
  readonly from: string;
  readonly to: string;
}

/**
 * One observation of the whole lab. At rest it stays the same but for `takenAt`: nothing in it counts up by itself.
 */
export interface Snapshot {
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  readonly stage: string;
  readonly runtime: RuntimeKind;
  readonly nodes: readonly NodeView[];
  /** As the config server has them; empty before the first `sh.addShard` and in stages without routers. */
  readonly shards: readonly ShardView[];
  /** Chunk moves that are under way. Short ones are not always seen. */
  readonly moves: readonly MoveView[];
}
