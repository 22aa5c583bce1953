import {
  answer,
  check,
  fault,
  firstDown,
  isRunning,
  isWhole,
  type LabView,
  lesson,
  measurement,
  mistake,
  mongosh,
  number,
  pass,
  pending,
  secondary,
  until,
  writeConcernTimeouts,
  wrong,
} from '../../../src/lesson/lesson.js';

const members = ['shard1a', 'shard1b', 'shard1c'] as const;
const namespace = 'shop.payments';
/** The order whose payment waits for a member that is dead. */
const order = 48_498;

type Payment = { order?: number };

const running = (lab: LabView) => members.filter((service) => isRunning(lab, service));
const payments = (lab: LabView, service: string) =>
  lab.mongo(service).db('shop').collection<Payment>('payments');

/** The member of shard1 that is down. */
const missing = firstDown(members);

/** On how many members the payment is that timed out, while the third is away; later it gets there too. */
async function copiesAfterTheError(lab: LabView): Promise<number | undefined> {
  const up = running(lab);
  if (up.length !== members.length - 1) return undefined;
  const found = await Promise.all(up.map((service) => writeConcernTimeouts(lab.mongo(service), namespace)));
  if (!found.flat().some(({ w }) => w === 3)) return undefined;
  const counts = await Promise.all(up.map((service) => payments(lab, service).countDocuments({ order })));
  return counts.filter((count) => count > 0).length;
}

const pay = `use shop
one = { writeConcern: { w: 1 } }
majority = { writeConcern: { w: "majority" } }
all = { writeConcern: { w: 3, wtimeout: 2000 } }
db.payments.insertOne({ order: 48496, amount: 129 }, one)
db.payments.insertOne({ order: 48497, amount: 45 }, majority)
db.payments.insertOne({ order: 48498, amount: 80 }, all)`;

export default lesson({
  minutes: 9,
  leavesNothing: true,
  needs: ['replication/three-members'],
  checks: [
    check('A payment waited for three members, in vain', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const up = running(lab);
        const found = await Promise.all(
          up.map((service) => writeConcernTimeouts(lab.mongo(service), namespace)),
        );
        const last = found.flat().findLast(({ w }) => w === 3);
        if (last) return pass(`w: ${last.w} timed out after ${last.wtimeout} ms`);
        const expected = 'a payment with w: 3 that times out (code 64)';
        const observed = `${up.length} of 3 members of shard1 are up, no such payment yet`;
        return up.length < 2 ? wrong('two-members-down', observed, expected) : pending(observed, expected);
      },
      reproduce: mongosh('router1', `db.getSiblingDB("shop").payments.find({ order: ${order} })`),
    }),
    check(`Order ${order} is paid once`, {
      at: 'router1',
      look: async (lab) => {
        const count = await payments(lab, 'router1').countDocuments({ order });
        const observed = `${count} payments of order ${order}`;
        if (count > 1) return wrong('paid-twice', observed, '1 payment');
        return count === 1 ? pass(`1 payment of order ${order}`) : pending(observed, '1 payment');
      },
      reproduce: mongosh('router1', `db.getSiblingDB("shop").payments.find({ order: ${order} })`),
    }),
    check('All three members have it', {
      at: 'router1',
      look: async (lab) => {
        const expected = `the payment on ${members.join(', ')}`;
        const absent = await missing(lab);
        if (absent) return pending(`${absent} is down`, expected);
        const counts = await Promise.all(
          members.map((service) => payments(lab, service).countDocuments({ order })),
        );
        const without = members.filter((_, index) => counts[index] === 0);
        return without.length === 0
          ? pass(`the payment is on ${members.join(', ')}`)
          : pending(`it is not on ${without.join(', ')}`, expected);
      },
      reproduce: mongosh('shard1c', `db.getSiblingDB("shop").payments.find({ order: ${order} })`),
    }),
    check('No order can be paid twice', {
      at: 'router1',
      look: async (lab) => {
        const expected = 'a unique index on order';
        const { cursor } = await lab
          .mongo('router1')
          .db('shop')
          .command({ listIndexes: 'payments' })
          .catch((error) => {
            // NamespaceNotFound: nothing was paid yet.
            if (error.code === 26) return { cursor: { firstBatch: [] } };
            throw error;
          });
        const indexes = cursor.firstBatch as { key: Record<string, unknown>; unique?: boolean }[];
        const onOrder = indexes.filter(({ key }) => Object.keys(key).join() === 'order');
        if (onOrder.some(({ unique }) => unique)) return pass('payments has a unique index on order');
        return onOrder.length > 0
          ? wrong('index-not-unique', 'the index on order is not unique', expected)
          : pending('payments has no index on order', expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").payments.getIndexes()'),
    }),
  ],
  questions: [number('copies', 'members')],
  measurements: [measurement('copies', { unit: 'members', measure: copiesAfterTheError })],
  mistakes: [
    mistake('paid-twice', {
      after: [
        fault('kill', secondary('shard1')),
        mongosh('router1', `${pay}\ndb.payments.insertOne({ order: 48498, amount: 80 }, all)`),
      ],
    }),
    mistake('two-members-down', {
      after: [fault('kill', secondary('shard1')), fault('kill', secondary('shard1'))],
    }),
    mistake('index-not-unique', {
      after: mongosh('router1', 'use shop\ndb.payments.createIndex({ order: 1 })'),
    }),
  ],
  solution: [
    answer('copies', '2'),
    fault('kill', secondary('shard1')),
    mongosh('router1', `${pay}\ndb.payments.find({ order: 48498 })`),
    fault('start', missing),
    until('shard1 has three members again', async (lab) => isWhole(lab, 'shard1', members.length)),
    mongosh('router1', 'use shop\ndb.payments.createIndex({ order: 1 }, { unique: true })'),
  ],
});
