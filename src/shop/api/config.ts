import { type RegistrationConfig, readRegistration } from './registration.js';

/** What the shop has to be told. It is told by its environment, and by nothing else. */
export interface ShopConfig {
  /** `mongodb://router1:27017,router2:27018/?readPreference=nearest`: the shop's reads go where this says. */
  readonly mongodbUrl: string;
  readonly database: string;
  readonly host: string;
  readonly port: number;
  /** Which of several shops this is: in `GET /` and in a header of every answer. */
  readonly instance: string;
  /** Of the shop's own program: which of two that run side by side answered, in a header too. */
  readonly version: string;
  /** The folder of the shop's pictures. */
  readonly storefront: string | undefined;
  /** Where it makes itself known to a gateway. */
  readonly registration: RegistrationConfig | undefined;
  /** The learner's `cache.js`, and the Redis servers it may name; undefined for a shop without a cache. */
  readonly cache: CacheConfig | undefined;
}

/** What a shop with a cache is told by its variables. */
export interface CacheConfig {
  readonly file: string;
  /** `host:port` by name. */
  readonly nodes: ReadonlyMap<string, string>;
}

/** Throws an error that names the variable at fault. */
export function readConfig(env: NodeJS.ProcessEnv): ShopConfig {
  const mongodbUrl = env.MONGODB_URL;
  if (!mongodbUrl) throw new Error('MONGODB_URL is not set, for example mongodb://127.0.0.1:27111');
  const port = Number(env.PORT ?? 8081);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`PORT is ${env.PORT}, which is no port`);
  const instance = env.INSTANCE_ID || 'shop';
  return {
    mongodbUrl,
    database: env.MONGODB_DATABASE_NAME || 'shop',
    // Beyond this machine only where that was asked for: a container has to, and its port is published on 127.0.0.1.
    host: env.HOST || '127.0.0.1',
    port,
    instance,
    version: env.SHOP_VERSION || '1',
    storefront: env.STOREFRONT,
    registration: readRegistration(env, instance),
    cache: readCache(env),
  };
}

/** `CACHE_FILE`, and `CACHE_NODES` as `redis=redis:6379,redis1=redis1:7001`. */
function readCache({ CACHE_FILE: file, CACHE_NODES: list }: NodeJS.ProcessEnv): CacheConfig | undefined {
  if (!file || !list) return undefined;
  const nodes = list.split(',').map((entry): [string, string] => {
    const [name = '', address = ''] = entry.split('=');
    if (!name || !/:\d+$/.test(address))
      throw new Error(`CACHE_NODES has '${entry}', where a node is name=host:port`);
    return [name, address];
  });
  return { file, nodes: new Map(nodes) };
}
