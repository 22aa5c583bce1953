import {
  check,
  type LabView,
  lesson,
  mistake,
  mongosh,
  pass,
  pending,
  planStages,
  wrong,
} from '../../../src/lesson/lesson.js';

/** The badge beside a customer's name: the state and date of each of his orders. */
const ofCustomer = { customerId: 42 };
const badge = { _id: 0, status: 1, createdAt: 1 } as const;
/** Orders of 3,000 euros and more of the last two days: those to be insured tonight. */
const insured = { totalCents: { $gte: 300_000 }, createdAt: { $gte: new Date('2025-11-27T00:00:00Z') } };

const ordersOf = ({ mongo }: LabView) => mongo('shard1a').db('shop').collection('orders');

interface IndexUse {
  name: string;
  key: Record<string, unknown>;
  accesses: { ops: number };
  spec: { partialFilterExpression?: Record<string, unknown>; sparse?: boolean };
}

export default lesson({
  minutes: 9,
  leavesNothing: true,
  checks: [
    check('The badge is answered from an index alone', {
      at: 'shard1a',
      look: async (lab) => {
        const orders = ordersOf(lab);
        const explained = await orders.find(ofCustomer, { projection: badge }).explain('executionStats');
        const { totalDocsExamined: read, nReturned } = explained.executionStats;
        const covered = planStages(explained).includes('PROJECTION_COVERED');
        const expected = 'PROJECTION_COVERED, 0 documents read';
        const observed = `${covered ? 'PROJECTION_COVERED, ' : ''}${read} documents read for ${nReturned}`;
        if (covered && nReturned > 0 && read === 0) return pass(observed);
        const keys = (await orders.indexes()).map(({ key }) => Object.keys(key));
        const begun = keys.filter(([first, ...others]) => first === 'customerId' && others.length > 0);
        if (begun.some((fields) => fields.some((field) => field.split('.')[0] === 'items'))) {
          return wrong('multikey', observed, expected);
        }
        return begun.some((fields) => !(fields.includes('status') && fields.includes('createdAt')))
          ? wrong('field-missing', observed, expected)
          : pending(observed, expected);
      },
      reproduce: mongosh(
        'shard1a',
        'db.getSiblingDB("shop").orders.find({ customerId: 42 }, { _id: 0, status: 1, createdAt: 1 }).explain("executionStats")',
      ),
    }),
    check('Dear orders are found with an index that holds no others, and it has been used', {
      at: 'shard1a',
      // The server counts uses since its own start, so a restart forgets them.
      kind: 'event',
      look: async (lab) => {
        const orders = ordersOf(lab);
        const expected = 'an index on createdAt of orders from 3,000 euros only, used';
        const indexes = await orders.aggregate<IndexUse>([{ $indexStats: {} }]).toArray();
        const byDate = indexes.filter(({ key }) => Object.keys(key)[0] === 'createdAt');
        const partial = byDate.find(({ spec }) => spec.partialFilterExpression);
        if (!partial) {
          const [whole] = byDate;
          if (!whole) return pending('no index that begins with createdAt', expected);
          const observed = `${whole.name} holds every order`;
          return whole.spec.sparse
            ? wrong('sparse', observed, expected)
            : wrong('not-partial', observed, expected);
        }
        const explained = await orders.find(insured).explain('executionStats');
        const { totalKeysExamined: keys, nReturned } = explained.executionStats;
        if (!planStages(explained).includes('IXSCAN')) {
          return wrong('other-filter', `${partial.name} cannot serve the query: COLLSCAN`, expected);
        }
        const observed = `${keys} keys read for ${nReturned}, used ${partial.accesses.ops} x`;
        if (keys > nReturned) return wrong('filter-too-wide', observed, expected);
        return Number(partial.accesses.ops) > 0 ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh(
        'shard1a',
        'db.getSiblingDB("shop").orders.aggregate([{ $indexStats: {} }]).toArray()',
      ),
    }),
  ],
  mistakes: [
    mistake('field-missing', {
      after: mongosh('shard1a', 'use shop\ndb.orders.createIndex({ customerId: 1, status: 1 })'),
    }),
    mistake('multikey', {
      after: mongosh(
        'shard1a',
        'use shop\ndb.orders.createIndex({ customerId: 1, status: 1, createdAt: 1, "items.name": 1 })',
      ),
    }),
    mistake('not-partial', {
      after: mongosh('shard1a', 'use shop\ndb.orders.createIndex({ createdAt: 1 })'),
    }),
    mistake('sparse', {
      after: mongosh('shard1a', 'use shop\ndb.orders.createIndex({ createdAt: 1 }, { sparse: true })'),
    }),
    mistake('other-filter', {
      after: mongosh(
        'shard1a',
        'use shop\ndb.orders.createIndex({ createdAt: 1 }, { partialFilterExpression: { totalCents: { $gte: 400000 } } })',
      ),
    }),
    mistake('filter-too-wide', {
      after: mongosh(
        'shard1a',
        'use shop\ndb.orders.createIndex({ createdAt: 1 }, { partialFilterExpression: { totalCents: { $gte: 100000 } } })',
      ),
    }),
  ],
  solution: [
    mongosh(
      'shard1a',
      `use shop
db.orders.createIndex({ customerId: 1, status: 1, createdAt: 1 })
db.orders.find({ customerId: 42 }, { _id: 0, status: 1, createdAt: 1 }).explain("executionStats")
db.orders.createIndex({ createdAt: 1 }, { partialFilterExpression: { totalCents: { $gte: 300000 } } })
db.orders.find({ totalCents: { $gte: 300000 }, createdAt: { $gte: ISODate("2025-11-27") } }, { customerName: 1, totalCents: 1 })
db.orders.stats().indexSizes`,
    ),
  ],
});
