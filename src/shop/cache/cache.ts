import { dropped } from '../../machine/debug-log.js';
import { type CacheFile, type FileFault, lineIn, watchCacheFile } from './cache-file.js';
import { watchProducts } from './changes.js';
import { type Connection, openClient, type RedisClient, readConnection, untilReady } from './connection.js';
import { type Counting, type Figures, openCounting, type ReadEnd } from './figures.js';
import { type KeyOutage, watchOutages } from './outages.js';
import { isRedisFailure } from './redis-failure.js';

/** What the shop says of its cache in `GET /cache`. */
export interface CacheReport extends Figures {
  /** `off`: this shop was given none. `broken`: there is a fault in `cache.js`, and the shop goes on without. */
  readonly state: 'off' | 'on' | 'broken';
  /** Of the text of `cache.js` that is in use, or broken (`fileVersion`); null before the first is. */
  readonly version: string | null;
  /** The fault in `cache.js`: at loading it, or the last that came up in use. */
  readonly fault: FileFault | null;
  readonly redis: {
    readonly nodes: readonly string[];
    readonly cluster: boolean;
    readonly natMap: Readonly<Record<string, string>>;
    readonly connected: boolean;
    /** The last failure to connect. */
    readonly error: string | null;
    readonly outages: readonly KeyOutage[];
  } | null;
  /** Whether `cache.js` hears of changes that are made past the shop. */
  readonly watching: boolean;
}

/** The shop's reads through the learner's `cache.js`. */
export interface Cache {
  /**
   * @param load asks MongoDB; null where there is no such thing
   * @throws what `load` throws, and `CacheFailed` where `cache.js` lets a failure of Redis through
   */
  read<Value>(key: string, load: () => Promise<Value | null>): Promise<Value | null>;
  /** A price was changed by this shop: told to `cache.js`. @throws CacheFailed */
  wrotePrice(key: string, priceCents: number): Promise<void>;
  report(): CacheReport;
  close(): Promise<void>;
}

/** `cache.js` let a failure of Redis through: it is what the customer gets. */
export class CacheFailed extends Error {}

/** What the shop gives the learner's cache to work with. */
export interface CacheOptions {
  /** The learner's file. */
  readonly file: string;
  /** `host:port` of each Redis by its name. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly database: string;
  /** Where the shards are, for change streams. */
  readonly shards: () => Promise<readonly string[]>;
  readonly log: (words: string) => void;
}

/** What one version of `cache.js` is used with; another version begins all of it anew. */
interface Use {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly connection: Connection;
  readonly client: RedisClient;
  readonly counting: Counting;
  readonly outages: () => readonly KeyOutage[];
  fault: FileFault | null;
  error: string | null;
  stopWatching?: () => Promise<void>;
}

/** Of a shop that was given no cache. */
export const noCache: Cache = {
  read: (_, load) => load(),
  wrotePrice: async () => {},
  report: () => ({
    state: 'off',
    version: null,
    fault: null,
    redis: null,
    watching: false,
    ...openCounting().figures(),
  }),
  close: async () => {},
};

/** A cache by the learner's file, from the moment that is loaded: until then, and while it is broken, all is read from MongoDB. */
export function openCache({ file, nodes, database, shards, log }: CacheOptions): Cache {
  let use: Use | undefined;
  let fault: FileFault | null = null;
  let version: string | null = null;
  let closed = false;

  const watching = watchCacheFile(file, take);

  async function take(loaded: CacheFile): Promise<void> {
    const next = loaded.kind === 'loaded' ? begin(loaded.exports) : loaded;
    if ('kind' in next) {
      fault = next.fault;
      log(`cache.js: ${faultWords(next.fault)}`);
      await leave(undefined);
      version = loaded.version;
      return;
    }
    await untilReady(next.client);
    fault = null;
    log(`cache.js: loaded, Redis ${next.connection.nodes.join(', ')}`);
    await leave(next);
    version = loaded.version;
  }

  /** Puts another version, or none, in the place of the one in use. */
  async function leave(next: Use | undefined): Promise<void> {
    const before = use;
    use = closed ? undefined : next;
    if (closed && next) next.client.disconnect();
    before?.client.disconnect();
    await before?.stopWatching?.();
    if (use?.exports.watch === true) await watch(use);
  }

  function begin(exports: Use['exports']): Use | { kind: 'broken'; fault: FileFault } {
    try {
      if (typeof exports.read !== 'function') throw new Error('there is no exported function read');
      const connection = readConnection(exports.connection, nodes);
      const client = openClient(connection, nodes);
      const { outages } = watchOutages(client);
      const begun: Use = {
        exports,
        connection,
        client,
        counting: openCounting(),
        outages,
        fault: null,
        error: null,
      };
      client.on('error', (error: Error & { lastNodeError?: Error }) => {
        begun.error = error.lastNodeError?.message ?? (error.message || String(error));
      });
      return begun;
    } catch (error) {
      return { kind: 'broken', fault: { message: (error as Error).message } };
    }
  }

  async function watch(watcher: Use): Promise<void> {
    const { close } = watchProducts({
      shards: await shards().catch((error) => dropped(error) ?? []),
      database,
      onChange: (product) => void call(watcher, 'written', `product:${product}`).catch(dropped),
    });
    watcher.stopWatching = close;
  }

  /** Calls a function of the learner's. A fault in it is noted, and undefined returned in its place. */
  async function call(
    user: Use,
    name: 'read' | 'written',
    ...args: readonly unknown[]
  ): Promise<{ value: unknown } | undefined> {
    const own = user.exports[name];
    if (typeof own !== 'function') return undefined;
    try {
      return { value: await own(...args, { redis: user.client }) };
    } catch (error) {
      if (!isFault(error)) throw error;
      user.fault = { message: `${error.name}: ${error.message}`, line: lineIn(error, file) };
      return undefined;
    }
  }

  return {
    async read(key, load) {
      const user = use;
      if (user === undefined) return load();
      const asked = user.counting.begin(key);
      const wasDown = user.client.status !== 'ready';
      let loads: { failed?: unknown } | undefined;
      const counted = async () => {
        asked.load();
        loads = {};
        try {
          return await load();
        } catch (error) {
          loads = { failed: error };
          throw error;
        }
      };
      const end = (how: ReadEnd, value?: unknown) => {
        const { priceCents } = (value ?? {}) as { priceCents?: number };
        asked.end(how, { withoutRedis: wasDown, priceCents });
      };
      try {
        const read = await call(user, 'read', key, counted);
        // Neither nothing nor text is what `load` returns: the first forgot to return, the other to parse.
        if (read?.value === undefined || typeof read.value === 'string') {
          if (read)
            user.fault = {
              message: `read returned ${read.value === undefined ? 'nothing' : 'a text'} for '${key}'; it has to return what load returned`,
            };
          const value = await load();
          end('database');
          return value;
        }
        end(loads ? 'database' : 'cache', read.value);
        return read.value as Awaited<ReturnType<typeof load>>;
      } catch (error) {
        // Another caller's load may have failed for all of them: what is no failure of Redis passes as it is.
        const isRedis = loads?.failed !== error && isRedisFailure(error);
        end(isRedis ? 'failed' : 'database-failed');
        if (!isRedis) throw error;
        throw new CacheFailed(`cache.js let a failure of Redis through: ${(error as Error).message}`, {
          cause: error,
        });
      }
    },

    async wrotePrice(key, priceCents) {
      if (use === undefined) return;
      use.counting.wrote(key, priceCents);
      await call(use, 'written', key).catch((error: Error) => {
        throw new CacheFailed(`cache.js let a failure of Redis through: ${error.message}`, { cause: error });
      });
    },

    report() {
      const figures = (use?.counting ?? openCounting()).figures();
      return {
        state: use === undefined ? 'broken' : 'on',
        version,
        fault: fault ?? use?.fault ?? null,
        redis: use
          ? {
              nodes: use.connection.nodes,
              cluster: use.connection.cluster,
              natMap: use.connection.natMap,
              connected: use.client.status === 'ready',
              error: use.client.status === 'ready' ? null : use.error,
              outages: use.outages(),
            }
          : null,
        watching: use?.stopWatching !== undefined,
        ...figures,
      };
    },

    async close() {
      closed = true;
      watching.close();
      await leave(undefined);
    },
  };
}

/** A fault in what the learner wrote, as JavaScript itself names them; what Redis and MongoDB throw is none. */
function isFault(error: unknown): error is Error {
  return [TypeError, ReferenceError, RangeError, SyntaxError].some((kind) => error instanceof kind);
}

function faultWords({ message, line }: FileFault): string {
  return line === undefined ? message : `line ${line}: ${message}`;
}
