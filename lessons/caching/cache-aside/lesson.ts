import {
  answer,
  bash,
  cacheFault,
  cacheReport,
  check,
  isInUse,
  keysOn,
  lesson,
  measurement,
  mistake,
  number,
  pass,
  pending,
  readsOf,
  redisCli,
  until,
  wrong,
} from '../../../src/lesson/lesson.js';
import { cacheFile, saveCache, saveText } from '../cache-files.js';

/** Milliseconds that the second customer may wait. */
const quick = 100;

const parts = { onWrite: '', watch: false, flights: 'none', goesOn: false } as const;
const lookTwice = bash(
  'shop1',
  `curl -s -o /dev/null -w '%{time_total} s\\n' \\
  http://{{address shop1}}/products/best-sellers
`.repeat(2),
);
/** As one who asks again when his machine was busy with something else. */
const quickOnce = until(`an answer from Redis took less than ${quick} ms`, async (lab) => {
  await lab.shop('/products/best-sellers');
  const { fromCache } = readsOf(await cacheReport(lab), 'best-sellers') ?? {};
  return (fromCache?.lastMs ?? quick) < quick;
});
const someProducts = bash(
  'shop1',
  `curl -s http://{{address shop1}}/products/PHO-0001
curl -s http://{{address shop1}}/products/PHO-9999`,
);

export default lesson({
  minutes: 12,
  leavesFile: true,
  file: 'shop/cache.js',
  needs: ['replication/whole-cluster'],
  checks: [
    check('The shop has asked your cache.js for the best sellers', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const report = await cacheReport(lab);
        const expected = 'cache.js in use, best sellers read from Redis';
        const fault = cacheFault(report);
        if (fault) return wrong('broken-file', fault, expected);
        if (!isInUse(report, lab)) return pending('the shop is loading cache.js', expected);
        const { fromCache, fromDatabase } = readsOf(report, 'best-sellers') ?? {};
        const observed = `best sellers: ${fromDatabase?.count ?? 0} from MongoDB, ${fromCache?.count ?? 0} from Redis`;
        return (fromCache?.count ?? 0) > 0 ? pass(observed) : pending(observed, expected);
      },
    }),
    check(`The second customer waits less than ${quick} ms`, {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const { fromCache, fromDatabase } = readsOf(await cacheReport(lab), 'best-sellers') ?? {};
        const expected = `less than ${quick} ms from Redis, and less than MongoDB took`;
        const [first, second] = [fromDatabase?.lastMs ?? null, fromCache?.lastMs ?? null];
        if (first === null || second === null) return pending('nobody was answered from Redis yet', expected);
        const observed = `${first} ms from MongoDB, ${second} ms from Redis`;
        return second < quick && second < first ? pass(observed) : pending(observed, expected);
      },
    }),
    check('What is kept has an end, and is something', {
      at: 'redis',
      kind: 'event',
      look: async (lab) => {
        const expected = 'best-sellers and a product on redis, each with a time to live';
        const keys = await keysOn(lab, 'redis');
        const endless = keys.find(({ seconds }) => seconds === undefined);
        if (endless) return wrong('no-ttl', `${endless.key} has no end`, expected);
        const nothing = keys.find(({ value }) => value === 'null');
        if (nothing) return wrong('nothing-kept', `${nothing.key} is kept as null`, expected);
        // That there was nothing has to have been asked for, or no file could be wrong there.
        const product = readsOf(await cacheReport(lab), 'product');
        const asked = (product?.fromDatabase.count ?? 0) >= 2;
        const hasBest = keys.some(({ key }) => key.includes('best-sellers'));
        const hasProduct = keys.some(({ key }) => key.includes('product'));
        const least = Math.min(...keys.map(({ seconds = 0 }) => seconds));
        const observed =
          keys.length === 0 ? 'nothing on redis' : `${keys.length} keys, the first ends in ${least} s`;
        const missing = [
          ...(hasBest ? [] : ['best-sellers']),
          ...(hasProduct ? [] : ['a product']),
          ...(asked ? [] : ['a second product asked for']),
        ];
        if (missing.length > 0)
          return pending(`${observed}; at the same time there is not: ${missing.join(', ')}`, expected);
        return pass(observed);
      },
      reproduce: redisCli('redis', 'TTL best-sellers'),
    }),
  ],
  questions: [number('cache', 'ms')],
  measurements: [
    measurement('database', {
      unit: 'ms',
      measure: async (lab) =>
        readsOf(await cacheReport(lab), 'best-sellers')?.fromDatabase.lastMs ?? undefined,
    }),
    measurement('cache', {
      unit: 'ms',
      measure: async (lab) => readsOf(await cacheReport(lab), 'best-sellers')?.fromCache.lastMs ?? undefined,
    }),
  ],
  mistakes: [
    mistake('broken-file', {
      after: saveText(cacheFile(parts).replace('await redis.get(key);', 'await redis.get(key;')),
    }),
    mistake('no-ttl', {
      after: [...saveCache({ ...parts, set: 'await redis.set(key, text)' }), lookTwice],
    }),
    mistake('nothing-kept', { after: [...saveCache({ ...parts, keepIf: 'true' }), someProducts] }),
  ],
  solution: [
    answer('cache', '20'),
    ...saveCache(parts),
    lookTwice,
    quickOnce,
    someProducts,
    redisCli('redis', 'TTL best-sellers'),
  ],
});
