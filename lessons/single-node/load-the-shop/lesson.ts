import {
  answer,
  check,
  lesson,
  mistake,
  mongosh,
  number,
  pass,
  pending,
  wrong,
} from '../../../src/lesson/lesson.js';

const load = mongosh('shard1a', 'load("{{course load-shop.js}}")');
/** How many documents the loading script makes. */
const full = { products: 2000, orders: 50_000, carts: 3000 };

export default lesson({
  minutes: 6,
  checks: [
    check('Products, orders and carts are loaded', {
      at: 'shard1a',
      // Later stages spread the orders over shards: then this server has only some of them.
      kind: 'event',
      look: async ({ mongo }) => {
        const shop = mongo('shard1a').db('shop');
        const count = (name: string) => shop.collection(name).estimatedDocumentCount();
        const [products, orders, carts] = await Promise.all(['products', 'orders', 'carts'].map(count));
        const observed = `${products} products, ${orders} orders, ${carts} carts`;
        const complete = products === full.products && orders === full.orders && carts === full.carts;
        const expected = `${full.products} products, ${full.orders} orders, ${full.carts} carts`;
        return complete ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('shard1a', 'db.getSiblingDB("shop").orders.countDocuments()'),
    }),
    check('An order carries its items, and they add up', {
      at: 'shard1a',
      kind: 'event',
      look: async ({ mongo }) => {
        const last = await mongo('shard1a')
          .db('shop')
          .collection('orders')
          .findOne<{ items: { priceCents: number; quantity: number }[]; totalCents: number }>(
            {},
            { sort: { _id: -1 } },
          );
        const expected = 'an order whose items add up to its total';
        if (!last) return pending('no order', expected);
        const sum = last.items.reduce((total, item) => total + item.priceCents * item.quantity, 0);
        const observed = `${last.items.length} items for ${sum} cents, total ${last.totalCents}`;
        return sum === last.totalCents ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('shard1a', 'db.getSiblingDB("shop").orders.find().sort({ _id: -1 }).limit(1)'),
    }),
    check('Products can be found by category', {
      at: 'shard1a',
      look: async ({ mongo }) => {
        const shop = mongo('shard1a').db('shop');
        const [products] = await shop.listCollections({ name: 'products' }).toArray();
        const indexes = products ? await shop.collection('products').indexes() : [];
        // Any index that begins with the field serves a search for it, whatever its name and its other fields.
        return indexes.some(({ key }) => Object.keys(key)[0] === 'category')
          ? pass('an index on category')
          : pending('no index on category', 'an index on category');
      },
      reproduce: mongosh('shard1a', 'db.getSiblingDB("shop").products.getIndexes()'),
    }),
    check('You know how many orders Black Friday brought', {
      at: 'shard1a',
      kind: 'event',
      look: async ({ mongo, answer }) => {
        const given = answer('black-friday');
        const expected = 'the number of orders since ISODate("2025-11-28")';
        if (given === undefined) return pending('no answer yet', expected);
        const orders = mongo('shard1a').db('shop').collection('orders');
        if ((await orders.estimatedDocumentCount()) === 0) return pending('no orders to count yet', expected);
        if (Number(given) === 0) return wrong('date-as-text', 'you counted 0', expected);
        if (Number(given) === full.orders) return wrong('all-orders', `you counted ${given}`, expected);
        const counted = await orders.countDocuments({ createdAt: { $gte: new Date('2025-11-28') } });
        return Number(given) === counted
          ? pass(`${counted} orders in one day`)
          : pending(`you counted ${given}`, expected);
      },
      reproduce: mongosh(
        'shard1a',
        'db.getSiblingDB("shop").orders.countDocuments({ createdAt: { $gte: ISODate("2025-11-28") } })',
      ),
    }),
  ],
  questions: [number('black-friday', 'orders')],
  mistakes: [
    mistake('date-as-text', { after: [load, answer('black-friday', '0')] }),
    mistake('all-orders', { after: [load, answer('black-friday', '50000')] }),
  ],
  solution: [
    mongosh(
      'shard1a',
      `load("{{course load-shop.js}}")
use shop
db.orders.findOne()
db.orders.countDocuments({ createdAt: { $gte: ISODate("2025-11-28") } })`,
    ),
    answer('black-friday', async ({ mongo }) => {
      const orders = mongo('shard1a').db('shop').collection('orders');
      return String(await orders.countDocuments({ createdAt: { $gte: new Date('2025-11-28') } }));
    }),
  ],
});
