import {
  answer,
  check,
  choice,
  customersOrder,
  type LabView,
  lesson,
  mistake,
  mongosh,
  pass,
  pending,
  planStages,
  traffic,
  trafficOfLesson,
  wrong,
} from '../../../src/lesson/lesson.js';

/** Confirmed orders from which on customers are said to order. */
const enough = 20;
/** Milliseconds: up to here, and a query that reads every order is recorded on the quickest machine. */
const shortEnough = 10;

const shopOf = ({ mongo }: LabView) => mongo('shard1a').db('shop');

interface Profiled {
  command?: { filter?: object; pipeline?: readonly { $match?: object }[] };
  docsExamined: number;
  nreturned?: number;
}

/** Queries that differ in their values only: what they filter by, and what all of them together read. */
interface Shape {
  readonly fields: string;
  times: number;
  read: number;
  returned: number;
}

/** The shapes that the profiler recorded on `shop.orders`, costliest first. The course's own looks are none. */
async function recorded(lab: LabView): Promise<readonly Shape[]> {
  const entries = await shopOf(lab)
    .collection('system.profile')
    .find<Profiled>(
      { ns: 'shop.orders', appName: { $ne: 'mongo-scale-course' }, docsExamined: { $gt: 0 } },
      { projection: { 'command.filter': 1, 'command.pipeline': 1, docsExamined: 1, nreturned: 1 } },
    )
    .toArray();
  const shapes = new Map<string, Shape>();
  for (const { command = {}, docsExamined, nreturned = 0 } of entries) {
    const fields = Object.keys(command.filter ?? command.pipeline?.[0]?.$match ?? {}).join(', ');
    const shape = shapes.get(fields) ?? { fields, times: 0, read: 0, returned: 0 };
    shape.times += 1;
    shape.read += docsExamined;
    shape.returned += nreturned;
    shapes.set(fields, shape);
  }
  return [...shapes.values()].sort((one, other) => other.read - one.read);
}

const inWords = ({ fields, times, read }: Shape) =>
  `${fields}: ${times} ${times === 1 ? 'query' : 'queries'}, ${read} orders read`;

/** A database other than `shop` whose profiler is on. */
async function profiledElsewhere({ mongo }: LabView): Promise<string | undefined> {
  const client = mongo('shard1a');
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  const names = databases.map(({ name }) => name);
  for (const name of names.filter((name) => !['admin', 'config', 'local', 'shop'].includes(name))) {
    if ((await client.db(name).command({ profile: -1 })).was > 0) return name;
  }
  return undefined;
}

const profilerOn = mongosh('shard1a', 'use shop\ndb.setProfilingLevel(1, { slowms: 5 })');
const officeWorks = mongosh('shard1a', 'load("{{course back-office.js}}")');

export default lesson({
  minutes: 9,
  leavesNothing: true,
  checks: [
    check('The profiler of shop records short queries too', {
      at: 'shard1a',
      kind: 'event',
      look: async (lab) => {
        const { was: level, slowms, filter } = await shopOf(lab).command({ profile: -1 });
        const expected = `level 1, from at most ${shortEnough} ms on`;
        if (level === 2) return wrong('everything', 'level 2: it records all there is', expected);
        if (level === 1) {
          const observed = `level 1, from ${slowms} ms on`;
          return filter || slowms <= shortEnough ? pass(observed) : wrong('too-high', observed, expected);
        }
        const elsewhere = await profiledElsewhere(lab);
        return elsewhere === undefined
          ? pending('level 0: it is off', expected)
          : wrong('other-database', `off in shop, on in ${elsewhere}`, expected);
      },
      reproduce: mongosh('shard1a', 'db.getSiblingDB("shop").getProfilingStatus()'),
    }),
    check('It recorded the back office while customers ordered', {
      at: 'shard1a',
      kind: 'event',
      look: async (lab) => {
        const ordered = trafficOfLesson(lab)?.orders.acknowledged ?? 0;
        const expected = `queries on orders, ${enough} orders confirmed`;
        const [costliest] = await recorded(lab);
        const times = costliest?.times ?? 0;
        const observed = `${times} queries of the costliest kind, ${ordered} orders confirmed`;
        return times > 1 && ordered >= enough ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('shard1a', 'db.getSiblingDB("shop").system.profile.countDocuments()'),
    }),
    check('You have found the queries that cost most', {
      at: 'shard1a',
      kind: 'event',
      look: async (lab) => {
        const given = lab.answer('field');
        const expected = 'the field by which the costliest queries look';
        if (given === undefined) return pending('no answer yet', expected);
        const shapes = await recorded(lab);
        const [costliest] = shapes;
        if (!costliest) return pending('nothing is recorded that could tell', expected);
        if (given === costliest.fields) return pass(inWords(costliest));
        const named = shapes.find(({ fields }) => fields === given);
        // No more read than returned: however many there are, there is nothing to save.
        if (!named || named.read <= named.returned) {
          return wrong('nothing-to-save', `you say ${given}`, expected);
        }
        return wrong('slowest-once', inWords(named), expected);
      },
    }),
    check('They read only what they return', {
      at: 'shard1a',
      look: async (lab) => {
        const orders = shopOf(lab).collection('orders');
        const sample = await orders.findOne<{ items: readonly { productId: string }[] }>();
        const expected = 'IXSCAN, as many examined as returned';
        if (!sample) return pending('no orders', expected);
        const bought = { 'items.productId': sample.items[0]?.productId };
        if (planStages(await orders.find(bought).explain('queryPlanner')).includes('IXSCAN')) {
          // Runs the query, so only once it is known to be cheap.
          const { executionStats: ran } = await orders.find(bought).explain('executionStats');
          const observed = `IXSCAN, ${ran.totalDocsExamined} examined, ${ran.nReturned} returned`;
          return ran.nReturned > 0 && ran.totalDocsExamined === ran.nReturned
            ? pass(observed)
            : pending(observed, expected);
        }
        const whole = (await orders.indexes()).find(({ key }) => Object.keys(key)[0] === 'items');
        return whole
          ? wrong('whole-item', `COLLSCAN, in spite of ${whole.name}`, expected)
          : pending('COLLSCAN', expected);
      },
      reproduce: mongosh(
        'shard1a',
        'db.getSiblingDB("shop").orders.find({ "items.productId": "AUD-0001" }).explain("executionStats")',
      ),
    }),
    check('The profiler is off again', {
      at: 'shard1a',
      look: async (lab) => {
        const shop = shopOf(lab);
        const { was: level } = await shop.command({ profile: -1 });
        const expected = 'level 0, after it has recorded something';
        if (level > 0) return pending(`level ${level}`, expected);
        const kept = await shop.collection('system.profile').estimatedDocumentCount();
        return kept > 0 ? pass(`level 0, ${kept} queries recorded`) : pending('it was never on', expected);
      },
      reproduce: mongosh('shard1a', 'db.getSiblingDB("shop").getProfilingStatus()'),
    }),
  ],
  questions: [choice('field', ['_id', 'items.productId', 'payment'])],
  mistakes: [
    mistake('other-database', { after: mongosh('shard1a', 'db.setProfilingLevel(1, { slowms: 5 })') }),
    mistake('too-high', { after: mongosh('shard1a', 'use shop\ndb.setProfilingLevel(1)') }),
    mistake('everything', { after: mongosh('shard1a', 'use shop\ndb.setProfilingLevel(2)') }),
    mistake('slowest-once', { after: [profilerOn, officeWorks, answer('field', 'payment')] }),
    mistake('nothing-to-save', { after: [profilerOn, officeWorks, answer('field', '_id')] }),
    mistake('whole-item', { after: mongosh('shard1a', 'use shop\ndb.orders.createIndex({ items: 1 })') }),
  ],
  solution: [
    traffic('start', { w: 1 }),
    profilerOn,
    customersOrder(enough),
    officeWorks,
    mongosh(
      'shard1a',
      `use shop
db.system.profile.aggregate([{ $match: { ns: "shop.orders" } }, { $group: { _id: "$queryHash", filter: { $first: "$command.filter" }, pipeline: { $first: "$command.pipeline" }, times: { $sum: 1 }, slowest: { $max: "$millis" }, read: { $sum: "$docsExamined" } } }, { $sort: { read: -1 } }, { $limit: 3 }])`,
    ),
    answer('field', async (lab) => (await recorded(lab))[0]?.fields ?? ''),
    mongosh(
      'shard1a',
      `use shop
db.orders.createIndex({ "items.productId": 1 })
db.setProfilingLevel(0, { slowms: 100 })`,
    ),
    traffic('stop'),
  ],
});
