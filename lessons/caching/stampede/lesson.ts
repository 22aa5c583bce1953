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
  redisCli,
  wrong,
} from '../../../src/lesson/lesson.js';
import { saveCache } from '../cache-files.js';

const callers = 50;

const parts = { goesOn: false } as const;
const forget = redisCli('redis', 'DEL best-sellers');
const rush = bash(
  'shop1',
  `curl -s -o /dev/null -Z --parallel-immediate --parallel-max ${callers} \\
  'http://{{address shop1}}/products/best-sellers?customer=[1-${callers}]'`,
);

export default lesson({
  minutes: 12,
  leavesFile: true,
  file: 'shop/cache.js',
  needs: ['replication/whole-cluster'],
  checks: [
    check(`Of ${callers} customers at once, one asks MongoDB`, {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const report = await cacheReport(lab);
        const expected = `${callers} customers at once for one key that is not there, 1 query`;
        const fault = cacheFault(report);
        if (fault) return wrong('broken-file', fault, expected);
        if (!isInUse(report, lab)) return pending('the shop is loading cache.js', expected);
        const { rush } = report;
        if (!rush) return pending('no rush yet', expected);
        const observed = `${rush.callers} customers at once for ${rush.key}, ${rush.loads} queries`;
        if (rush.loads > 1) return wrong('thundering-herd', observed, expected);
        return rush.callers >= callers / 2 && rush.loads === 1 ? pass(observed) : pending(observed, expected);
      },
    }),
    check('After that it is asked for anew, and kept', {
      at: 'redis',
      kind: 'event',
      look: async (lab) => {
        const expected = 'best-sellers back on redis once it was deleted and asked for again';
        const { rush, reads } = await cacheReport(lab);
        if (rush?.loads !== 1) return pending('no rush that ended in one query yet', expected);
        // Before the first query after the rush there is nothing to tell a flight that ended from one that did not.
        const best = reads['best-sellers'];
        await lab.shop('/products/best-sellers');
        const back = (await keysOn(lab, 'redis', '*best-sellers*')).length > 0;
        if (!back) return wrong('kept-flight', 'the shop answers, and redis has no best-sellers', expected);
        const loads = best?.fromDatabase.count ?? 0;
        return loads > 1
          ? pass(`${loads} queries, best-sellers is on redis`)
          : pending(`${loads} query`, expected);
      },
      reproduce: redisCli('redis', 'EXISTS best-sellers'),
    }),
  ],
  questions: [number('herd', 'queries')],
  measurements: [
    measurement('herd', {
      unit: 'queries',
      measure: async (lab) => {
        return (await cacheReport(lab)).rush?.loads;
      },
    }),
  ],
  mistakes: [
    mistake('thundering-herd', { after: [...saveCache({ ...parts, flights: 'none' }), forget, rush] }),
    mistake('kept-flight', {
      after: [...saveCache({ ...parts, flights: 'for-ever' }), forget, rush, forget],
    }),
    mistake('broken-file', {
      after: [...saveCache({ ...parts, set: 'await redis.set(key, texd)' }), forget, rush],
    }),
  ],
  solution: [
    answer('herd', '5'),
    forget,
    rush,
    ...saveCache(parts),
    forget,
    rush,
    forget,
    bash('shop1', 'curl -s http://{{address shop1}}/products/best-sellers'),
  ],
});
