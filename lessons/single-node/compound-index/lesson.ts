import {
  answer,
  check,
  type LabView,
  lesson,
  mistake,
  mongosh,
  number,
  pass,
  pending,
  planStages,
  wrong,
} from '../../../src/lesson/lesson.js';

/** The packing desk's list: the newest twenty paid orders of 1,000 euros and more. */
const filter = { status: 'paid', totalCents: { $gte: 100_000 } };
const newestFirst = { createdAt: -1 } as const;
const shown = 20;
const typed =
  'db.getSiblingDB("shop").orders.find({ status: "paid", totalCents: { $gte: 100000 } }).sort({ createdAt: -1 }).limit(20)';

const ordersOf = ({ mongo }: LabView) => mongo('shard1a').db('shop').collection('orders');

/** Which part of the query a field of an index serves. */
const parts: Readonly<Record<string, 'equality' | 'sort' | 'range'>> = {
  status: 'equality',
  createdAt: 'sort',
  totalCents: 'range',
};

export default lesson({
  minutes: 9,
  leavesNothing: true,
  checks: [
    check('You have seen what a range before the sort costs', {
      at: 'shard1a',
      kind: 'event',
      look: async (lab) => {
        const given = lab.answer('keys');
        const expected = 'totalKeysExamined with status, totalCents, createdAt';
        if (given === undefined) return pending('no answer yet', expected);
        // With both filtered fields before the sort, the scan meets exactly the orders that match.
        const matching = await ordersOf(lab).countDocuments(filter);
        if (Number(given) === matching) return pass(`${matching} keys for ${shown} orders`);
        return Number(given) === shown
          ? wrong('keys-shown', `you say ${given}`, expected)
          : pending(`you say ${given}`, expected);
      },
      reproduce: mongosh(
        'shard1a',
        `${typed}.hint({ status: 1, totalCents: 1, createdAt: -1 }).explain("executionStats").executionStats`,
      ),
    }),
    check('The list comes out of an index in its order, and reads only what it shows', {
      at: 'shard1a',
      look: async (lab) => {
        const orders = ordersOf(lab);
        const explained = await orders.find(filter).sort(newestFirst).limit(shown).explain('executionStats');
        const stages = planStages(explained);
        const { totalKeysExamined: keys, totalDocsExamined: docs, nReturned } = explained.executionStats;
        const expected = 'an index and no SORT, as many examined as returned';
        const observed = `${stages.includes('SORT') ? 'SORT, ' : ''}${keys} keys and ${docs} documents examined for ${nReturned}`;
        if (stages.includes('IXSCAN') && !stages.includes('SORT') && nReturned > 0 && docs === nReturned) {
          return pass(observed);
        }
        const orderOfParts = (await orders.indexes()).map(({ key }) =>
          Object.keys(key).flatMap((field) => parts[field] ?? []),
        );
        const made = (...wanted: string[]) =>
          orderOfParts.some(
            (order) => order.length === wanted.length && wanted.every((part, at) => order[at] === part),
          );
        if (made('sort', 'equality', 'range')) return wrong('sort-first', observed, expected);
        if (made('equality', 'sort')) return wrong('no-range', observed, expected);
        if (made('range', 'equality', 'sort')) return wrong('range-first', observed, expected);
        return pending(observed, expected);
      },
      reproduce: mongosh('shard1a', `${typed}.explain("executionStats")`),
    }),
  ],
  questions: [number('keys', 'keys')],
  mistakes: [
    mistake('keys-shown', { after: answer('keys', String(shown)) }),
    mistake('sort-first', {
      after: mongosh(
        'shard1a',
        'use shop\ndb.orders.createIndex({ createdAt: -1, status: 1, totalCents: 1 })',
      ),
    }),
    mistake('no-range', {
      after: mongosh('shard1a', 'use shop\ndb.orders.createIndex({ status: 1, createdAt: -1 })'),
    }),
    mistake('range-first', {
      after: mongosh(
        'shard1a',
        'use shop\ndb.orders.createIndex({ totalCents: 1, status: 1, createdAt: -1 })',
      ),
    }),
  ],
  solution: [
    mongosh(
      'shard1a',
      `use shop
db.orders.createIndex({ status: 1, totalCents: 1, createdAt: -1 })
db.orders.find({ status: "paid", totalCents: { $gte: 100000 } }).sort({ createdAt: -1 }).limit(20).explain("executionStats")`,
    ),
    answer('keys', async (lab) => String(await ordersOf(lab).countDocuments(filter))),
    mongosh(
      'shard1a',
      `use shop
db.orders.createIndex({ status: 1, createdAt: -1, totalCents: 1 })
db.orders.find({ status: "paid", totalCents: { $gte: 100000 } }).sort({ createdAt: -1 }).limit(20).explain("executionStats")
db.orders.dropIndex({ status: 1, totalCents: 1, createdAt: -1 })`,
    ),
  ],
});
