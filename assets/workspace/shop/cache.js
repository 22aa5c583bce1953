/**
 * The shop's cache. It is yours: the shop loads it again each time you save it, and goes on without a cache
 * while there is a fault in it. What you can do with `redis`: https://redis.github.io/ioredis/
 *
 * @typedef {import('./types.d.ts').Connection} Connection
 * @typedef {import('./types.d.ts').Load} Load
 * @typedef {import('./types.d.ts').Shop} Shop
 */

/**
 * Which Redis the shop connects to, by the names of the services.
 * @type {Connection}
 */
export const connection = { nodes: ['redis'] };

/**
 * The shop calls this for whatever may be cached: `best-sellers`, `product:PHO-0001`.
 * What it returns is what the customer sees; what it throws becomes a 503.
 *
 * @param {string} key
 * @param {Load} load asks MongoDB
 * @param {Shop} shop
 */
export async function read(key, load, { redis }) {
  return load();
}

/**
 * The shop calls this when it has changed something in MongoDB, with the key of what is no longer true.
 *
 * @param {string} key
 * @param {Shop} shop
 */
export async function written(key, { redis }) {}
