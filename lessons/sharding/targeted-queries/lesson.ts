import {
  answer,
  asTyped,
  check,
  lesson,
  mistake,
  mongosh,
  number,
  pass,
  pending,
  planStages,
  shardsAsked,
  wrong,
} from '../../../src/lesson/lesson.js';

const order = 48_496;
/** Milliseconds: the filter is the learner's own, so it may be anything. */
const patience = 2_000;

const savePage = (filter: string) =>
  mongosh(
    'router1',
    `use shop\ndb.pages.replaceOne({ _id: "order" }, { filter: ${filter} }, { upsert: true })`,
  );

export default lesson({
  minutes: 8,
  leavesNothing: true,
  checks: [
    check('You have seen how many shards the old query asks', {
      at: 'router1',
      kind: 'event',
      look: async ({ mongo, answer }) => {
        const given = answer('shards-asked');
        const expected = 'the number of shards in the plan';
        if (given === undefined) return pending('no answer yet', expected);
        const plan = await mongo('router1')
          .db('shop')
          .collection<{ _id: number }>('orders')
          .find({ _id: order })
          .explain();
        const asked = shardsAsked(plan).length;
        return Number(given) === asked
          ? pass(`${asked} shards, ${planStages(plan)[0]}`)
          : pending(`you say ${given}`, expected);
      },
      reproduce: mongosh(
        'router1',
        `db.getSiblingDB("shop").orders.find({ _id: ${order} }).explain().queryPlanner.winningPlan`,
      ),
    }),
    check('The order page asks one shard, and finds the order', {
      at: 'router1',
      look: async ({ mongo }) => {
        const shop = mongo('router1').db('shop');
        const page = await shop
          .collection<{ _id: string; filter?: object }>('pages')
          .findOne({ _id: 'order' });
        const expected = `a filter in shop.pages that finds order ${order} on one shard`;
        if (!page) return pending('no page "order" in shop.pages', expected);
        const { filter } = page;
        if (typeof filter !== 'object' || filter === null) return pending('the page has no filter', expected);

        const orders = shop.collection<{ _id: number }>('orders');
        const plan = await orders.find(filter, { maxTimeMS: patience }).explain('queryPlanner');
        const shards = shardsAsked(plan);
        const observed = `${asTyped(filter)}: ${planStages(plan)[0]}, ${shards.join(' and ')}`;
        if (planStages(plan)[0] !== 'SINGLE_SHARD') {
          const customer = 'customerId' in filter ? filter.customerId : undefined;
          const isRange = typeof customer === 'object' && customer !== null;
          return wrong(isRange ? 'range-of-a-hash' : 'scatter-gather', observed, expected);
        }
        const found = await orders
          .find(filter, { projection: { _id: 1 }, limit: 2, maxTimeMS: patience })
          .toArray();
        if (found.length > 1) return wrong('too-many', `${observed}; more than one order`, expected);
        return found[0]?._id === order
          ? pass(observed)
          : wrong(
              'not-the-order',
              `${observed}; ${found[0] ? `order ${found[0]._id}` : 'no order'}`,
              expected,
            );
      },
      reproduce: mongosh(
        'router1',
        'db.getSiblingDB("shop").orders.find(db.getSiblingDB("shop").pages.findOne({ _id: "order" }).filter).explain().queryPlanner.winningPlan',
      ),
    }),
  ],
  questions: [number('shards-asked', 'shards')],
  mistakes: [
    mistake('scatter-gather', { after: savePage(`{ _id: ${order}, region: "EU" }`) }),
    mistake('range-of-a-hash', { after: savePage(`{ _id: ${order}, customerId: { $gte: 42, $lt: 43 } }`) }),
    mistake('too-many', { after: savePage('{ customerId: 42 }') }),
    mistake('not-the-order', { after: savePage(`{ _id: ${order}, customerId: "42" }`) }),
  ],
  solution: [
    mongosh(
      'router1',
      `use shop
db.orders.find({ _id: ${order} }).explain().queryPlanner.winningPlan
db.orders.findOne({ _id: ${order} })`,
    ),
    answer('shards-asked', async ({ mongo }) => {
      const orders = mongo('router1').db('shop').collection<{ _id: number }>('orders');
      return String(shardsAsked(await orders.find({ _id: order }).explain()).length);
    }),
    savePage(`{ _id: ${order}, customerId: 42 }`),
  ],
});
