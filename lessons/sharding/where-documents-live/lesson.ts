import {
  amountText,
  answer,
  asTyped,
  check,
  choice,
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
  wrong,
} from '../../../src/lesson/lesson.js';

const namespace = 'shop.orders';
const key = { customerId: 'hashed' };
const total = 50_000;
/** Percentage points that a prediction may be off. */
const tolerance = 5;

const shardAndLoad = mongosh(
  'router1',
  `use shop
db.orders.drop()
sh.shardCollection("shop.orders", { customerId: "hashed" })
load("{{course load-shop.js}}")
db.orders.getShardDistribution()`,
);

/** The shard that has the user "ly42", asked of the shards themselves. */
async function ownerOf({ mongo }: LabView): Promise<'shard1' | 'shard2' | undefined> {
  for (const shard of ['shard1', 'shard2'] as const) {
    if (await mongo(`${shard}a`).db('somedb').collection('users').findOne({ name: 'ly42' })) return shard;
  }
  return undefined;
}

/** What part of the orders shard1 owns, in percent; undefined until they are all there and spread by customer. */
async function share({ mongo }: LabView): Promise<number | undefined> {
  const found = (await shardKeys(mongo('router1'))).get(namespace);
  if (!found || !sameKey(found, key)) return undefined;
  const owned = await ownedByShard(mongo('router1'), namespace);
  const first = owned.get('shard1') ?? 0;
  const second = owned.get('shard2') ?? 0;
  const all = first + second;
  return first > 0 && second > 0 && all >= total ? (100 * first) / all : undefined;
}

export default lesson({
  minutes: 9,
  checks: [
    check('You found the shard that owns a document', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const given = lab.answer('owner');
        const expected = 'the shard that owns "ly42"';
        if (given === undefined) return pending('no answer yet', expected);
        const owner = await ownerOf(lab);
        if (!owner) return pending('there is no user "ly42"', expected);
        return given === owner
          ? pass(`"ly42" is on ${owner}`)
          : wrong('wrong-owner', `you say ${given}`, expected);
      },
      reproduce: mongosh(
        'router1',
        'db.getSiblingDB("somedb").users.find({ name: "ly42" }).explain().queryPlanner.winningPlan',
      ),
    }),
    check('The orders are sharded by customer and loaded', {
      at: 'router1',
      look: async ({ mongo }) => {
        const router = mongo('router1');
        const found = (await shardKeys(router)).get(namespace);
        const expected = `${total} orders on both shards, by ${asTyped(key)}`;
        if (!found) return pending(`${namespace} is not sharded`, expected);
        if (!sameKey(found, key)) return wrong('other-key', `sharded by ${asTyped(found)}`, expected);
        const owned = await ownedByShard(router, namespace);
        const counts = ['shard1', 'shard2'].map((shard) => owned.get(shard) ?? 0);
        const observed = `${counts[0]} orders on shard1, ${counts[1]} on shard2`;
        // Customers order too: there may be more than were loaded.
        if (counts.some((count) => count >= total)) return wrong('sharded-in-place', observed, expected);
        return counts.every((count) => count > 0) && counts.reduce((sum, count) => sum + count, 0) >= total
          ? pass(observed)
          : pending(observed, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").orders.getShardDistribution()'),
    }),
    check('Your prediction holds against the measurement', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const given = lab.answer('share');
        if (given === undefined) return pending('no prediction yet', "shard1's share of the orders, in %");
        const measured = lab.measured('share');
        const expected = `within ${tolerance} points of the measurement`;
        if (measured === undefined) return pending(`you predict ${given} %; not measured yet`, expected);
        const observed = `you said ${given} %, measured ${amountText(measured, '%')}`;
        return Math.abs(Number(given) - measured) <= tolerance
          ? pass(observed)
          : wrong('prediction-off', observed, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").orders.getShardDistribution()'),
    }),
  ],
  questions: [choice('owner', ['shard1', 'shard2', 'both', 'config1']), number('share', '%')],
  measurements: [measurement('share', { unit: '%', measure: share })],
  mistakes: [
    mistake('wrong-owner', {
      after: answer('owner', async (lab) => ((await ownerOf(lab)) === 'shard1' ? 'shard2' : 'shard1')),
    }),
    mistake('sharded-in-place', {
      after: mongosh(
        'router1',
        `use shop
db.orders.createIndex({ customerId: "hashed" })
sh.shardCollection("shop.orders", { customerId: "hashed" })`,
      ),
    }),
    mistake('other-key', {
      after: mongosh(
        'router1',
        'use shop\ndb.orders.drop()\nsh.shardCollection("shop.orders", { customerId: 1 })',
      ),
    }),
    mistake('prediction-off', { after: [answer('share', '90'), shardAndLoad] }),
  ],
  solution: [
    mongosh('router1', 'use somedb\ndb.users.find({ name: "ly42" }).explain().queryPlanner.winningPlan'),
    answer('owner', async (lab) => (await ownerOf(lab)) ?? 'both'),
    answer('share', '50'),
    shardAndLoad,
  ],
});
