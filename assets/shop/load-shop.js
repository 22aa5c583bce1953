// Fills the database `shop`: load("…/load-shop.js") in mongosh, on a mongod or on a router.
// It can be run again at any time: the three collections are emptied and filled with the same documents.
// A sharded collection is emptied rather than dropped, so that it keeps its shard key and its ranges.

const data = require(`${__dirname}/shop-data.cjs`);
const shop = db.getSiblingDB('shop');
const batchSize = 5000;
const startedAt = Date.now();

for (const name of ['products', 'orders', 'carts']) {
  const documents = data[name]();
  const collection = shop.getCollection(name);
  if (db.getSiblingDB('config').collections.findOne({ _id: `shop.${name}` })) collection.deleteMany({});
  else collection.drop();
  for (let from = 0; from < documents.length; from += batchSize) {
    collection.insertMany(documents.slice(from, from + batchSize), { ordered: false });
    print(`${name}: ${Math.min(from + batchSize, documents.length)} of ${documents.length}`);
  }
}
shop.products.createIndex({ category: 1 });
print(`The shop is loaded, in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
