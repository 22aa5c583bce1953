import {
  bash,
  cacheReport,
  check,
  fault,
  infoOf,
  isInUse,
  lesson,
  mistake,
  pass,
  pending,
  redisCli,
  until,
  wrong,
} from '../../../src/lesson/lesson.js';
import { saveCache } from '../cache-files.js';

/** Customers who have to be served while there is no Redis. */
const enough = 20;

const pages = `EVAL "for n=1,8000 do redis.call('SETEX','p:'..n,600,('x'):rep(999)) end" 0`;
const noPolicy = `CONFIG SET maxmemory 4mb
CONFIG SET maxmemory-policy noeviction
${pages}`;
const policy = `CONFIG SET maxmemory 4mb
CONFIG SET maxmemory-policy allkeys-lru
${pages}
INFO stats`;
const customers = bash(
  'shop1',
  `curl -s -o /dev/null -w '%{http_code}\\n' \\
  'http://{{address shop1}}/products/PHO-[0001-0040]' | sort | uniq -c`,
);
const megabytes = (bytes: string | undefined): string => `${(Number(bytes) / 1024 ** 2).toFixed(1)} MB`;

export default lesson({
  minutes: 12,
  leavesFile: true,
  file: 'shop/cache.js',
  needs: ['replication/whole-cluster'],
  checks: [
    check('Redis has a limit, and makes room at it', {
      at: 'redis',
      kind: 'event',
      look: async (lab) => {
        const expected = 'a limit, a policy that evicts, keys evicted';
        const [memory, stats] = await Promise.all([
          infoOf(lab, 'redis', 'memory'),
          infoOf(lab, 'redis', 'stats'),
        ]);
        const { used_memory: used, maxmemory: limit = '0', maxmemory_policy: policyNow = '' } = memory;
        if (limit === '0') return pending(`${megabytes(used)} used, no limit`, expected);
        const evicted = Number(stats.evicted_keys);
        const observed = `${megabytes(used)} used of ${megabytes(limit)}, ${policyNow}, ${evicted} evicted`;
        if (policyNow === 'noeviction')
          return Number(used) >= Number(limit)
            ? wrong('no-room', observed, expected)
            : pending(observed, expected);
        return evicted > 0 ? pass(observed) : pending(observed, expected);
      },
      reproduce: redisCli('redis', 'INFO stats'),
    }),
    check('Without Redis, every customer is served', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const expected = `redis down, ${enough} customers or more, all served`;
        const report = await cacheReport(lab);
        if (!isInUse(report, lab)) return pending('the shop is loading cache.js', expected);
        const { served, failed } = report.withoutRedis;
        const observed = `while redis was down: ${served} served, ${failed} failed`;
        if (failed > 0) return wrong('takes-the-shop-down', observed, expected);
        return served >= enough ? pass(observed) : pending(observed, expected);
      },
    }),
    check('Redis is back, and the shop uses it again', {
      at: 'redis',
      kind: 'event',
      look: async (lab) => {
        const { redis, withoutRedis } = await cacheReport(lab);
        const expected = 'the shop connected to redis, after it was without';
        const observed = redis?.connected
          ? 'the shop is connected'
          : `not connected: ${redis?.error ?? 'no reason'}`;
        if (withoutRedis.served === 0) return pending('the shop was never without redis', expected);
        return redis?.connected ? pass(observed) : pending(observed, expected);
      },
    }),
  ],
  mistakes: [
    mistake('no-room', { after: redisCli('redis', noPolicy) }),
    mistake('takes-the-shop-down', {
      after: [...saveCache({ goesOn: false }), fault('kill', 'redis'), customers],
    }),
  ],
  solution: [
    redisCli('redis', policy),
    until('redis has made room', async (lab) => {
      return Number((await infoOf(lab, 'redis', 'stats')).evicted_keys) > 0;
    }),
    ...saveCache({}),
    fault('kill', 'redis'),
    customers,
    fault('start', 'redis'),
  ],
});
