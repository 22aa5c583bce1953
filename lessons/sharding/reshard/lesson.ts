import {
  amountText,
  answer,
  asTyped,
  check,
  countAtLeast,
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
  shardedCollection,
  traffic,
  trafficOfLesson,
  until,
  verifiedTraffic,
  wrong,
} from '../../../src/lesson/lesson.js';

const namespace = 'shop.orders';
const before = { customerId: 'hashed' };
const key = { customerId: 1, _id: 1 };
const loaded = 50_000;
/** Confirmed orders from which on customers are said to order. */
const enough = 60;
/**
 * Percent of the orders that each shard must have: the new ranges are few, and cut by a small sample, so that the
 * smaller share was between 22 and 47 in eight goes.
 */
const least = 5;
/** Milliseconds before the change in which somebody must have ordered: writes are held for a part of them. */
const shortlyBefore = 30_000;

const reshard = `use shop
sh.reshardCollection("shop.orders", { customerId: 1, _id: 1 })`;
const look = `sh.status()
db.orders.getShardDistribution()`;
const customers = traffic('start', { rate: 30, orders: 100 });
const customersOrder = until(
  `${enough} orders are confirmed`,
  async (lab) => (trafficOfLesson(lab)?.orders.acknowledged ?? 0) >= enough,
);

/** The collection, once it is a new one with another key. */
async function resharded({ mongo }: LabView) {
  const collection = await shardedCollection(mongo('router1'), namespace);
  return collection && !sameKey(collection.key, before) ? collection : undefined;
}

/** Whether an order is there that was made in this time (milliseconds since the epoch): the shop notes when. */
async function ordered(
  { mongo }: LabView,
  { from, to }: { from: number; to?: number | undefined },
): Promise<boolean> {
  const createdAt = { $gte: new Date(from), ...(to === undefined ? {} : { $lt: new Date(to) }) };
  const orders = mongo('router1').db('shop').collection('orders');
  return (await orders.findOne({ createdAt }, { projection: { _id: 1 } })) !== null;
}

/** Whether orders have come in since the key changed. */
async function orderedSince(lab: LabView): Promise<boolean> {
  const collection = await resharded(lab);
  // Times of the cluster are whole seconds.
  return collection !== undefined && ordered(lab, { from: collection.since + 1_000 });
}

/** The traffic that was there when the key changed, once it has ended and every order was looked for. */
async function verified(lab: LabView) {
  const report = verifiedTraffic(lab);
  const collection = await resharded(lab);
  return report && collection && report.startedAt < collection.since ? report : undefined;
}

export default lesson({
  minutes: 10,
  leavesNothing: true,
  needs: ['sharding/where-documents-live'],
  checks: [
    check('The orders have their new key, and customers ordered all the while', {
      at: 'router1',
      // Once it was so; customers who come later are those of another go.
      kind: 'event',
      look: async (lab) => {
        const expected = `${asTyped(key)}, changed while orders came in`;
        const collection = await shardedCollection(lab.mongo('router1'), namespace);
        if (!collection) return wrong('orders-dropped', `${namespace} is not sharded`, expected);
        const report = trafficOfLesson(lab);
        const observed = asTyped(collection.key);
        if (sameKey(collection.key, before)) {
          const confirmed = report ? `${report.orders.acknowledged} orders confirmed` : 'no traffic yet';
          return pending(`${observed}; ${confirmed}`, expected);
        }
        if (!sameKey(collection.key, key)) return wrong('other-key', observed, expected);
        const from = Math.max(lab.begun, collection.since - shortlyBefore);
        if (!(await ordered(lab, { from, to: collection.since }))) {
          return wrong('nobody-ordered', `${observed}, changed while nobody ordered`, expected);
        }
        return (await orderedSince(lab)) ? pass(observed) : pending(`${observed}; no order since`, expected);
      },
      reproduce: mongosh(
        'router1',
        'db.getSiblingDB("config").collections.findOne({ _id: "shop.orders" }).key',
      ),
    }),
    check('No order is lost', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const expected = `traffic stopped after the change, every order looked for, 0 lost`;
        const collection = await resharded(lab);
        if (!collection) return pending('the key is as it was', expected);
        const orders = lab.mongo('router1').db('shop').collection('orders');
        const count = await countAtLeast(orders, loaded);
        if (count < loaded) return wrong('orders-dropped', `${count} orders are left`, `${loaded} and more`);
        const report = trafficOfLesson(lab);
        if (report?.state !== 'stopped') {
          return pending(report ? 'the traffic goes on' : 'no traffic yet', expected);
        }
        if (report.startedAt >= collection.since) {
          return wrong('nobody-ordered', 'these customers came when the key was changed already', expected);
        }
        const { acknowledged, unverified, lost } = report.orders;
        if (acknowledged === 0) return pending('no order was confirmed', expected);
        const observed = `${lost.one + lost.majority} of ${acknowledged} new orders lost, ${count} in all`;
        if (unverified > 0) return pending(`${unverified} of ${acknowledged} not looked for`, expected);
        return lost.one + lost.majority === 0 ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").orders.countDocuments()'),
    }),
    check('Both shards hold orders, and one customer is on one of them', {
      at: 'router1',
      look: async (lab) => {
        const expected = `at least ${least} % on each shard, by the new key`;
        const collection = await resharded(lab);
        if (!collection || !sameKey(collection.key, key)) return pending('the key is another', expected);
        const owned = await ownedByShard(lab.mongo('router1'), namespace);
        const counts = ['shard1', 'shard2'].map((shard) => owned.get(shard) ?? 0);
        const total = counts.reduce((sum, count) => sum + count, 0);
        const shares = counts.map((count) => (100 * count) / Math.max(1, total));
        const observed = `shard1 ${amountText(shares[0] ?? 0, '%')}, shard2 ${amountText(shares[1] ?? 0, '%')}`;
        return shares.every((share) => share >= least) ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").orders.getShardDistribution()'),
    }),
  ],
  questions: [number('longest-wait', 's')],
  measurements: [
    measurement('longest-wait', {
      unit: 's',
      measure: async (lab) => {
        const max = (await verified(lab))?.total.max;
        return max === undefined || max === null ? undefined : max / 1000;
      },
    }),
    measurement('failed', {
      unit: 'orders',
      measure: async (lab) => {
        const report = await verified(lab);
        return report && report.orders.sent - report.orders.acknowledged;
      },
    }),
  ],
  mistakes: [
    mistake('nobody-ordered', { after: mongosh('router1', reshard) }),
    mistake('other-key', {
      after: mongosh('router1', 'sh.reshardCollection("shop.orders", { _id: "hashed" })'),
    }),
    mistake('orders-dropped', {
      after: mongosh(
        'router1',
        'use shop\ndb.orders.drop()\nsh.shardCollection("shop.orders", { customerId: 1, _id: 1 })',
      ),
    }),
  ],
  solution: [
    answer('longest-wait', '10'),
    customers,
    customersOrder,
    mongosh('router1', `${reshard}\n${look}`),
    until('orders come in under the new key', orderedSince),
    traffic('stop'),
  ],
});
