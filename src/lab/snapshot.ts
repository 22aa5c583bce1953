import type { RuntimeKind, ServiceStatus } from './runtime.js';

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
}

export interface NodeView {
  readonly service: string;
  readonly status: ServiceStatus;
  /** Only for mongod and mongos. */
  readonly mongo?: MongoView | undefined;
}

/** One entry of the cluster's `listShards`. */
export interface ShardView {
  readonly id: string;
  /** `shard1/127.0.0.1:27111` */
  readonly host: string;
  readonly draining: boolean;
}

/** One observation of the whole lab. */
export interface Snapshot {
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  readonly stage: string;
  readonly runtime: RuntimeKind;
  readonly nodes: readonly NodeView[];
  /** As the config server has them; empty before the first `sh.addShard` and in stages without routers. */
  readonly shards: readonly ShardView[];
}
