/** The cluster behind the router: its config servers, its shards, and the shard that coordinates for the router. */

import type { Log } from '../log.js';
import { findElement } from '../wire/document.js';
import { NetworkError, ServerError, ServerReplyError } from '../wire/errors.js';
import { replyBody } from '../wire/wire.js';
import { createHealth } from './health.js';
import { createOperationsUnderWay, newOperation, type Operation } from './operations-under-way.js';
import { createReplicaSet, type ReplicaSet } from './replica-set.js';
import { createUpstream, type Upstream } from './upstream.js';

export interface SetAddress {
  name: string;
  hosts: string[];
}

export interface Shard {
  readonly id: string;
  /** `set/host:port,host:port`, as config.shards has it. */
  readonly host: string;
  readonly set: ReplicaSet;
}

export interface Cluster {
  readonly config: ReplicaSet;
  upstreamAt(address: string): Upstream;
  /** The shards of config.shards, read now, ordered by id. @throws ServerError when the config servers do not answer */
  shards(): Promise<Shard[]>;
  /** The shards last read, without asking anyone. */
  readonly knownShards: readonly Shard[];
  /** One shard by id. @throws ServerError ShardNotFound (70) */
  shard(id: string): Promise<Shard>;
  /** The primary of the shard that coordinates, or undefined while the cluster has no shard. */
  coordinator(): Promise<Upstream | undefined>;
  /**
   * Runs `work` on a set's primary; if that one turns out to be no primary any more, once more on the next.
   * `safe`: that may also be done when the first attempt may have run (reads; commands that can be repeated).
   */
  onPrimary<T>(set: ReplicaSet, work: (upstream: Upstream) => Promise<T>, safe?: boolean): Promise<T>;
  /**
   * `onPrimary` for commands on the coordinator. `safe`: the command may be sent again though it may have run.
   * @throws also ServerError NetworkTimeout (89) when the operation waits for a shard that says nothing
   */
  onCoordinator(
    pieces: (upstream: Upstream) => Buffer[],
    safe: boolean,
    operation?: Operation,
  ): Promise<Coordinated | undefined>;
  /** Continues an operation on the server that coordinates it. @throws as `onCoordinator`; NetworkError */
  onServer(address: string, pieces: readonly Buffer[], operation: Operation): Promise<Buffer>;
  /** Looks whether the servers still answer, so that one that hangs does not hang its clients: once a second. */
  check(): void;
  close(): void;
}

export interface Coordinated {
  upstream: Upstream;
  reply: Buffer;
}

/** `set/host:port,host` as config.shards and --configdb write it. @throws Error without a set's name */
export function parseSetAddress(text: string, defaultPort: number): SetAddress {
  const slash = text.indexOf('/');
  if (slash <= 0) throw new Error(`no set name in ${text}`);
  const hosts = text
    .slice(slash + 1)
    .split(',')
    .filter((host) => host !== '')
    .map((host) => (/:\d+$/.test(host) ? host : `${host}:${defaultPort}`));
  return { name: text.slice(0, slash), hosts };
}

/** Codes with which a member says that it is not the primary to ask (10107, 13435) or is going (189, 91, 11600, 11602, 13436). */
const refusedCodes = new Set([10107, 13435]);
const leavingCodes = new Set([189, 91, 11600, 11602, 13436]);

/** The error code of a reply with `ok: 0`, else undefined. */
export function failureCode(reply: Buffer): number | undefined {
  const body = replyBody(reply);
  const ok = findElement(body, 'ok');
  if (!ok || (ok.type === 1 && body.readDoubleLE(ok.value) === 1)) return undefined;
  const code = findElement(body, 'code');
  return code?.type === 0x10 ? body.readInt32LE(code.value) : 0;
}

/** Whether `error` says that the server asked is not the one to ask; if `safe` is false, only when it surely has done nothing. */
function tellsToMove(error: unknown, safe: boolean): boolean {
  if (error instanceof NetworkError) return safe || !error.sent;
  if (error instanceof ServerReplyError) return movesOn(Number(error.reply.code), safe);
  return false;
}

function movesOn(code: number | undefined, safe: boolean): boolean {
  return code !== undefined && (refusedCodes.has(code) || (safe && leavingCodes.has(code)));
}

/** A shard that does not coordinate at once is passed over for the next; only if none does is an election waited for. */
const passOverMs = 50;

export function createCluster(configdb: SetAddress, log: Log): Cluster {
  const upstreams = new Map<string, Upstream>();
  const sets = new Map<string, ReplicaSet>();
  let coordinating: ReplicaSet | undefined;
  let lastShards: Shard[] = [];

  const upstreamAt = (address: string): Upstream => {
    let upstream = upstreams.get(address);
    if (!upstream) {
      upstream = createUpstream(address);
      upstreams.set(address, upstream);
    }
    return upstream;
  };

  const config = createReplicaSet(configdb.name, configdb.hosts, upstreamAt, log);
  const operations = createOperationsUnderWay();
  const health = createHealth(
    () => [
      { name: `config servers ${configdb.name}`, set: config },
      ...lastShards.map(({ id, set }) => ({ name: `shard ${id}`, set })),
    ],
    upstreamAt,
    operations,
    log,
  );

  const setOf = (id: string, host: string): ReplicaSet => {
    const address = parseSetAddress(host, 27018);
    const key = `${id} ${address.name}`;
    let set = sets.get(key);
    if (!set) {
      set = createReplicaSet(address.name, address.hosts, upstreamAt, log);
      sets.set(key, set);
    } else if (!set.knownPrimary) {
      set.seed(address.hosts);
    }
    return set;
  };

  const onPrimary: Cluster['onPrimary'] = async (set, work, safe = false) => {
    for (let attempt = 0; ; attempt++) {
      const upstream = await set.primary();
      try {
        return await work(upstream);
      } catch (error) {
        const move = error instanceof NetworkError || tellsToMove(error, true);
        if (move) set.forget(upstream);
        if (attempt > 0 || !tellsToMove(error, safe)) throw error;
      }
    }
  };

  const shards = async (): Promise<Shard[]> => {
    const reply = await onPrimary(
      config,
      (primary) => primary.run('config', { find: 'shards', sort: { _id: 1 }, batchSize: 1000 }),
      true,
    );
    lastShards = (reply.cursor.firstBatch as { _id: string; host: string }[]).map(({ _id, host }) => ({
      id: _id,
      host,
      set: setOf(_id, host),
    }));
    if (!lastShards.some((shard) => shard.set === coordinating)) coordinating = undefined;
    return lastShards;
  };

  /** Any shard's primary: one that is there now, else the first to be elected. */
  const coordinator = async (): Promise<Upstream | undefined> => {
    const known = coordinating?.knownPrimary;
    if (known) return known;
    // Without config servers the shards of before still have their routing tables.
    const candidates = await shards().catch((error) => {
      if (lastShards.length === 0) throw error;
      return lastShards;
    });
    if (candidates.length === 0) return undefined;
    const found = (wait: number | undefined) =>
      Promise.any(candidates.map(async ({ set }) => ({ set, upstream: await set.primary(wait) })));
    const { set, upstream } = await found(passOverMs)
      .catch(() => found(undefined))
      .catch((error: AggregateError) => {
        throw error.errors[0];
      });
    coordinating = set;
    return upstream;
  };

  return {
    config,
    upstreamAt,
    shards,
    get knownShards() {
      return lastShards;
    },
    coordinator,
    onPrimary,
    async shard(id) {
      const shard = (await shards()).find((candidate) => candidate.id === id);
      if (!shard) throw new ServerError('ShardNotFound', `Shard ${id} not found`);
      return shard;
    },
    onServer: (address, pieces, operation) => operations.request(upstreamAt(address), pieces, operation),
    async onCoordinator(pieces, safe, operation = newOperation()) {
      for (let attempt = 0; ; attempt++) {
        const upstream = await coordinator();
        if (!upstream) return undefined;
        try {
          const reply = await operations.request(upstream, pieces(upstream), operation);
          const code = failureCode(reply);
          const gone = movesOn(code, true);
          if (gone) coordinating?.forget(upstream);
          if (attempt > 0 || !gone || !movesOn(code, safe)) return { upstream, reply };
        } catch (error) {
          if (!(error instanceof NetworkError)) throw error;
          coordinating?.forget(upstream);
          coordinating = undefined;
          if (attempt > 0 || !tellsToMove(error, safe)) throw error;
        }
      }
    },
    check: health.look,
    close() {
      health.close();
      for (const upstream of upstreams.values()) upstream.reset('the router is closing');
    },
  };
}
