import {
  answer,
  check,
  lesson,
  mistake,
  mongosh,
  number,
  pass,
  pending,
  planStages,
  wrong,
} from '../../../src/lesson/lesson.js';

const query = { customerId: 42 };

export default lesson({
  minutes: 8,
  leavesNothing: true,
  checks: [
    check('You have seen how much work the query was', {
      at: 'shard1a',
      kind: 'event',
      look: async ({ mongo, answer }) => {
        const given = answer('examined');
        const expected = 'totalDocsExamined of the COLLSCAN';
        if (given === undefined) return pending('no answer yet', expected);
        const orders = mongo('shard1a').db('shop').collection('orders');
        // A COLLSCAN examines every document there is.
        const examined = await orders.estimatedDocumentCount();
        if (Number(given) === examined) return pass(`${examined} examined for 30`);
        return Number(given) === (await orders.countDocuments(query, { limit: 100 }))
          ? wrong('returned', `you say ${given}`, expected)
          : pending(`you say ${given}`, expected);
      },
      reproduce: mongosh(
        'shard1a',
        'db.getSiblingDB("shop").orders.find({ customerId: 42 }).hint({ $natural: 1 }).explain("executionStats")',
      ),
    }),
    check('The query reads only what it returns', {
      at: 'shard1a',
      look: async ({ mongo }) => {
        const shop = mongo('shard1a').db('shop');
        const orders = shop.collection('orders');
        const expected = 'IXSCAN, as many examined as returned';
        const plan = await orders.find(query).explain('queryPlanner');
        if (planStages(plan).includes('IXSCAN')) {
          // Runs the query, so only once it is known to be cheap.
          const { executionStats: ran } = await orders.find(query).explain('executionStats');
          const observed = `IXSCAN, ${ran.totalDocsExamined} examined, ${ran.nReturned} returned`;
          return ran.nReturned > 0 && ran.totalDocsExamined === ran.nReturned
            ? pass(observed)
            : pending(observed, expected);
        }
        const sample = await orders.findOne();
        if (!sample) return pending('no orders', expected);
        const indexes = (await orders.indexes()).filter(({ name }) => name !== '_id_');
        for (const { name, key } of indexes) {
          const [first = '', ...others] = Object.keys(key);
          const absent = [first, ...others].find((field) => !((field.split('.')[0] ?? '') in sample));
          if (absent) return wrong('no-such-field', `index ${name}: no order has "${absent}"`, expected);
          if (others.includes('customerId')) {
            return wrong('not-first', `index ${name} begins with ${first}`, expected);
          }
        }
        const { databases } = await shop.admin().listDatabases({ nameOnly: true });
        for (const { name } of databases.filter(({ name }) => !['admin', 'config', 'shop'].includes(name))) {
          const [elsewhere] = await mongo('shard1a').db(name).listCollections({ name: 'orders' }).toArray();
          if (elsewhere) return wrong('other-database', `COLLSCAN; an index in ${name}.orders`, expected);
        }
        return pending(`COLLSCAN over ${await orders.estimatedDocumentCount()} orders`, expected);
      },
      reproduce: mongosh(
        'shard1a',
        'db.getSiblingDB("shop").orders.find({ customerId: 42 }).explain("executionStats")',
      ),
    }),
    check('The index has served a real query', {
      at: 'shard1a',
      // The server counts since its own start, so a restart forgets it.
      kind: 'event',
      look: async ({ mongo }) => {
        const indexes = await mongo('shard1a')
          .db('shop')
          .collection('orders')
          .aggregate<{ name: string; key: object; accesses: { ops: number } }>([{ $indexStats: {} }])
          .toArray();
        const index = indexes.find(({ key }) => Object.keys(key)[0] === 'customerId');
        const expected = 'an index on customerId, used';
        if (!index) return pending('no index on customerId', expected);
        const uses = Number(index.accesses.ops);
        return uses > 0
          ? pass(`${index.name} used ${uses} x`)
          : pending(`${index.name} not used yet`, expected);
      },
      reproduce: mongosh('shard1a', 'db.getSiblingDB("shop").orders.aggregate([{ $indexStats: {} }])'),
    }),
  ],
  questions: [number('examined', 'documents')],
  mistakes: [
    mistake('no-such-field', {
      after: mongosh('shard1a', 'use shop\ndb.orders.createIndex({ customerID: 1 })'),
    }),
    mistake('not-first', {
      after: mongosh('shard1a', 'use shop\ndb.orders.createIndex({ createdAt: 1, customerId: 1 })'),
    }),
    mistake('other-database', { after: mongosh('shard1a', 'db.orders.createIndex({ customerId: 1 })') }),
    mistake('returned', { after: answer('examined', '30') }),
  ],
  solution: [
    answer('examined', async ({ mongo }) =>
      String(await mongo('shard1a').db('shop').collection('orders').countDocuments()),
    ),
    mongosh(
      'shard1a',
      `use shop
db.orders.createIndex({ customerId: 1 })
db.orders.find({ customerId: 42 }).explain("executionStats")
db.orders.find({ customerId: 42 })`,
    ),
  ],
});
