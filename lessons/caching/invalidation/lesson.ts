import {
  bash,
  cacheFault,
  cacheReport,
  check,
  isInUse,
  lesson,
  mistake,
  mongosh,
  pass,
  pending,
  readsOf,
  type Step,
  wrong,
} from '../../../src/lesson/lesson.js';
import { saveCache } from '../cache-files.js';

const writes = 100;

const parts = { flights: 'none', goesOn: false } as const;

/** Changes a price so often, and looks at it twice after each change. */
const changePrices = (times: number): Step =>
  bash(
    'shop1',
    `shop=http://{{address shop1}}/products/PHO-0001
for n in $(seq ${times}); do
  curl -s -o /dev/null -X PUT $shop/price \\
    -H 'content-type: application/json' -d "{\\"priceCents\\": $n}"
  curl -s $shop $shop | grep -o '"priceCents":[0-9]*'
done`,
  );
const pastTheShop = mongosh(
  'router1',
  `use shop
db.products.updateOne({ _id: "PHO-0001" }, { $set: { priceCents: 77700 } })`,
);

export default lesson({
  minutes: 12,
  leavesFile: true,
  file: 'shop/cache.js',
  needs: ['replication/whole-cluster'],
  checks: [
    check(`Nobody is shown an old price, over ${writes} changes`, {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const report = await cacheReport(lab);
        const expected = `${writes} prices changed by the shop, read from Redis in between, 0 old ones shown`;
        const fault = cacheFault(report);
        if (fault) return wrong('broken-file', fault, expected);
        if (!isInUse(report, lab)) return pending('the shop is loading cache.js', expected);
        const cached = readsOf(report, 'product')?.fromCache.count ?? 0;
        const observed = `${report.writes} changes, ${cached} prices read from Redis, ${report.stale} old ones shown`;
        if (report.stale > 0) return wrong('kept-after-write', observed, expected);
        return report.writes >= writes && cached > 0 ? pass(observed) : pending(observed, expected);
      },
    }),
    check('A price that is changed past the shop is shown too', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const { lastWrite, watching } = await cacheReport(lab);
        const expected = 'a product whose price was changed on router1, and the shop shows it';
        if (!lastWrite) return pending('the shop has changed no price yet', expected);
        const product = lastWrite.key.replace(/^product:/, '');
        const found = await lab
          .mongo('router1')
          .db('shop')
          .collection<{ _id: string; priceCents: number }>('products')
          .findOne({ _id: product });
        if (found === null || found.priceCents === lastWrite.priceCents) {
          return pending(`${product} costs ${lastWrite.priceCents}, as the shop wrote`, expected);
        }
        const { priceCents } = (await lab.shop(`/products/${product}`)).body as { priceCents?: number };
        const observed = `${product} costs ${found.priceCents}, the shop shows ${priceCents}`;
        if (priceCents !== found.priceCents) {
          return watching ? pending(observed, expected) : wrong('past-the-shop', observed, expected);
        }
        return watching ? pass(observed) : pending(`${observed}, but it does not watch`, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").products.findOne({ _id: "PHO-0001" })'),
    }),
  ],
  mistakes: [
    mistake('kept-after-write', {
      after: [...saveCache({ ...parts, onWrite: '', watch: false }), changePrices(10)],
    }),
    mistake('past-the-shop', {
      after: [...saveCache({ ...parts, watch: false }), changePrices(3), pastTheShop],
    }),
    mistake('broken-file', { after: saveCacheWith('redis.dell(key)') }),
  ],
  solution: [...saveCache(parts), changePrices(writes), pastTheShop],
});

/** A fault that comes up only in use. */
function saveCacheWith(onWrite: string): readonly Step[] {
  return [...saveCache({ ...parts, onWrite: `await ${onWrite}` }), changePrices(1)];
}
