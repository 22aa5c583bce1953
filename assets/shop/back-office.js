// A quarter of an hour of the shop's back office, in seconds: load("…/back-office.js") in mongosh, on a mongod.
// It only reads. What it asks, it does not say: to find that out is the lesson.

const shop = db.getSiblingDB('shop');
const startedAt = Date.now();
/** So many at once that no answer needs a second batch. */
const batchSize = 10_000;
let asked = 0;

const done = (what) => print(`${what}: done, ${asked} queries so far`);

for (let order = 1; order <= 300; order += 1) {
  shop.orders.findOne({ _id: order * 100 });
  asked += 1;
}
done('support looks up orders');

for (const { _id } of shop.products.find({ category: 'audio' }).limit(20).toArray()) {
  shop.orders.find({ 'items.productId': _id }, { customerId: 1 }).batchSize(batchSize).toArray();
  asked += 1;
}
done('audio is recalled: who has bought one?');

shop.orders
  .aggregate([
    { $match: { payment: 'card' } },
    { $unwind: '$items' },
    {
      $group: {
        _id: { product: '$items.productId', name: '$items.name', region: '$region' },
        cents: { $sum: { $multiply: ['$items.priceCents', '$items.quantity'] } },
        orders: { $addToSet: '$_id' },
      },
    },
    { $project: { cents: 1, orders: { $size: '$orders' } } },
    { $sort: { cents: -1 } },
    { $limit: 20 },
  ])
  .toArray();
asked += 1;
done('the accounts want the turnover paid by card');

print(`The back office has worked for ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
