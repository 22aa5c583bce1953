import { check, lesson, mistake, mongosh, pass, pending, wrong } from '../../../src/lesson/lesson.js';

const product = { name: { $type: 'string' }, priceCents: { $type: ['int', 'long'] } };
const ownDatabases = ['admin', 'config', 'local', 'shop'];

export default lesson({
  minutes: 5,
  checks: [
    check('One server answers, and belongs to no set', {
      at: 'shard1a',
      kind: 'event',
      holdsAtStart: true,
      look: async ({ mongo }) => {
        const hello = await mongo('shard1a').db('admin').command({ hello: 1 });
        const expected = 'a mongod without a set name';
        if (hello.setName) return pending(`a member of ${hello.setName}`, expected);
        return hello.isWritablePrimary
          ? pass('a mongod that takes writes, no set name')
          : pending('a mongod that takes no writes', expected);
      },
      reproduce: mongosh('shard1a', 'db.hello()'),
    }),
    check('The shop has its first product', {
      at: 'shard1a',
      look: async ({ mongo }) => {
        const shop = mongo('shard1a').db('shop');
        const found = await shop.collection('products').findOne(product);
        if (found) return pass(`"${found.name}" in shop.products`);

        const flawed = await shop.collection('products').findOne();
        if (flawed?.name) {
          return wrong(
            'price-not-cents',
            `priceCents is ${JSON.stringify(flawed.priceCents) ?? 'missing'}`,
            'priceCents as a whole number',
          );
        }
        const expected = 'a product with a name and a price in shop.products';
        if (flawed) return pending('a product without a name', expected);
        const [other] = await shop
          .listCollections({ name: { $ne: 'products' } }, { nameOnly: true })
          .toArray();
        if (other) return wrong('other-collection', `documents in shop.${other.name}`, expected);
        const { databases } = await shop.admin().listDatabases({ nameOnly: true });
        for (const { name } of databases.filter(({ name }) => !ownDatabases.includes(name))) {
          const [collection] = await mongo('shard1a')
            .db(name)
            .listCollections({}, { nameOnly: true })
            .toArray();
          if (collection) return wrong('other-database', `documents in ${name}.${collection.name}`, expected);
        }
        return pending('no product', expected);
      },
      reproduce: mongosh('shard1a', 'db.getSiblingDB("shop").products.find()'),
    }),
  ],
  mistakes: [
    mistake('other-database', {
      after: mongosh(
        'shard1a',
        'db.products.insertOne({ _id: "PHO-0001", name: "Orrin Pulse", priceCents: 102190 })',
      ),
    }),
    mistake('other-collection', {
      after: mongosh(
        'shard1a',
        'use shop\ndb.product.insertOne({ name: "Orrin Pulse", priceCents: 102190 })',
      ),
    }),
    mistake('price-not-cents', {
      after: mongosh(
        'shard1a',
        'use shop\ndb.products.insertOne({ name: "Orrin Pulse", priceCents: "1021.90" })',
      ),
    }),
  ],
  solution: [
    mongosh(
      'shard1a',
      `db.hello()
use shop
db.products.insertOne({
  _id: "PHO-0001",
  name: "Orrin Pulse 6 Lite, 512 GB, graphite",
  brand: "Orrin",
  category: "phones",
  priceCents: 102190,
  stock: 30
})`,
    ),
  ],
});
