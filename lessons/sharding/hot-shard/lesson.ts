import {
  amountText,
  answer,
  asTyped,
  check,
  type LabView,
  lesson,
  measurement,
  mistake,
  mongosh,
  number,
  ownedByShard,
  pass,
  pending,
  sameKey,
  shardKeys,
  shardsAsked,
  wrong,
} from '../../../src/lesson/lesson.js';

/** Documents from which on a share is worth saying. */
const enough = 5000;
/** Percent of the documents on one shard from which on it is called hot. */
const hot = 90;

const byHash = { at: 'hashed' };

const ranged = 'sh.shardCollection("shop.clicks", { at: 1 })';
const hashed = 'sh.shardCollection("shop.clicks2", { at: "hashed" })';
const clicks = `const clicks = Array.from({ length: 5000 }, (_, i) => ({
  at: i, page: i % 100
}))`;
const fill = (collection: string) =>
  `db.${collection}.insertMany(clicks, { ordered: false }).acknowledged
db.${collection}.getShardDistribution()`;
const short = 'const short = { at: { $gte: 4000, $lt: 4010 } }';
const asked = (collection: string) => `db.${collection}.find(short).explain().queryPlanner.winningPlan`;
const typed = (...lines: string[]) => mongosh('router1', lines.join('\n'));

interface Spread {
  readonly total: number;
  /** Percent of the documents on the shard that has most of them. */
  readonly most: number;
  readonly observed: string;
}

async function spreadOf({ mongo }: LabView, namespace: string): Promise<Spread> {
  const owned = await ownedByShard(mongo('router1'), namespace);
  const counts = [...owned].sort(([one], [other]) => one.localeCompare(other));
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const most = total === 0 ? 0 : (100 * Math.max(...counts.map(([, count]) => count))) / total;
  return { total, most, observed: counts.map(([shard, count]) => `${count} on ${shard}`).join(', ') };
}

/** The shard key of the second collection, once it is another than the hash of the time. */
async function otherThanHashed({ mongo }: LabView) {
  const key = (await shardKeys(mongo('router1'))).get('shop.clicks2');
  return key && !sameKey(key, byHash) ? key : undefined;
}

/** How many shards a question for a short time asks; undefined where the collection is not there. */
async function askedBy({ mongo }: LabView, collection: string): Promise<number | undefined> {
  if (!(await shardKeys(mongo('router1'))).has(`shop.${collection}`)) return undefined;
  const plan = await mongo('router1')
    .db('shop')
    .collection(collection)
    .find({ at: { $gte: 4000, $lt: 4010 } })
    .explain();
  return shardsAsked(plan).length;
}

export default lesson({
  minutes: 7,
  leavesNothing: true,
  checks: [
    check('One shard takes nearly every new document', {
      at: 'router1',
      look: async (lab) => {
        const key = (await shardKeys(lab.mongo('router1'))).get('shop.clicks');
        const expected = `${enough} clicks, more than ${hot} % on one shard, by ${asTyped({ at: 1 })}`;
        if (!key) {
          const there = await lab.mongo('router1').db('shop').collection('clicks').estimatedDocumentCount();
          return there > 0
            ? wrong('not-sharded', `${there} clicks; shop.clicks is not sharded`, expected)
            : pending('shop.clicks is not there', expected);
        }
        if (!sameKey(key, { at: 1 })) return wrong('hashed-at-once', `sharded by ${asTyped(key)}`, expected);
        const { total, most, observed } = await spreadOf(lab, 'shop.clicks');
        return total >= enough && most > hot
          ? pass(`${observed}: ${amountText(most, '%')}`)
          : pending(observed || 'no clicks', expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").clicks.getShardDistribution()'),
    }),
    check('The same documents, spread by a hash', {
      at: 'router1',
      look: async (lab) => {
        const key = (await shardKeys(lab.mongo('router1'))).get('shop.clicks2');
        const expected = `${enough} clicks in shop.clicks2, less than 65 % on one shard, by ${asTyped(byHash)}`;
        if (!key) return pending('shop.clicks2 is not sharded', expected);
        const { total, most, observed } = await spreadOf(lab, 'shop.clicks2');
        if (total >= enough && most > hot) return wrong('hot-again', observed, expected);
        if (!sameKey(key, byHash)) return wrong('other-hash', `sharded by ${asTyped(key)}`, expected);
        return total >= enough && most < 65 ? pass(observed) : pending(observed || 'no clicks', expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").clicks2.getShardDistribution()'),
    }),
    check('You know what the hash costs', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const given = lab.answer('asked');
        const expected = 'the number of shards that a short time asks in shop.clicks2';
        if (given === undefined) return pending('no answer yet', expected);
        const other = await otherThanHashed(lab);
        if (other) return wrong('other-hash', `shop.clicks2 is sharded by ${asTyped(other)}`, expected);
        const [before, after] = await Promise.all(['clicks', 'clicks2'].map((name) => askedBy(lab, name)));
        if (after === undefined) return pending('shop.clicks2 is not there', expected);
        return Number(given) === after
          ? pass(`${after} shards; with the ranged key ${before ?? '?'}`)
          : pending(`you say ${given}`, expected);
      },
      reproduce: mongosh(
        'router1',
        'db.getSiblingDB("shop").clicks2.find({ at: { $gte: 4000, $lt: 4010 } }).explain().queryPlanner.winningPlan',
      ),
    }),
  ],
  questions: [number('share', '%'), number('asked', 'shards')],
  measurements: [
    measurement('share', {
      unit: '%',
      measure: async (lab) => {
        const key = (await shardKeys(lab.mongo('router1'))).get('shop.clicks');
        if (!key || !sameKey(key, { at: 1 })) return undefined;
        const { total, most } = await spreadOf(lab, 'shop.clicks');
        return total >= enough ? most : undefined;
      },
    }),
    measurement('share-hashed', {
      unit: '%',
      measure: async (lab) => {
        if (await otherThanHashed(lab)) return undefined;
        const { total, most } = await spreadOf(lab, 'shop.clicks2');
        return total >= enough && most < hot ? most : undefined;
      },
    }),
  ],
  mistakes: [
    mistake('not-sharded', { after: typed('use shop', clicks, fill('clicks')) }),
    mistake('hashed-at-once', {
      after: typed('use shop', ranged.replace('{ at: 1 }', '{ at: "hashed" }'), clicks, fill('clicks')),
    }),
    mistake('hot-again', {
      after: typed('use shop', hashed.replace('"hashed"', '1'), clicks, fill('clicks2')),
    }),
    mistake('other-hash', {
      after: typed('use shop', hashed.replace('at:', 'page:'), clicks, fill('clicks2')),
    }),
  ],
  solution: [
    answer('share', '50'),
    typed(
      'use shop',
      ranged,
      clicks,
      fill('clicks'),
      hashed,
      fill('clicks2'),
      short,
      asked('clicks'),
      asked('clicks2'),
    ),
    answer('asked', async (lab) => String((await askedBy(lab, 'clicks2')) ?? 0)),
  ],
});
