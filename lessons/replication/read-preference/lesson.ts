import {
  answer,
  check,
  choice,
  findsOn,
  isLocked,
  type LabView,
  lesson,
  measurement,
  mistake,
  mongosh,
  pass,
  pending,
  primary,
  primaryOf,
  secondariesOf,
  secondary,
  wrong,
} from '../../../src/lesson/lesson.js';

const members = ['shard1a', 'shard1b', 'shard1c'] as const;
const namespace = 'shop.prices';
/** Reads on secondaries that are asked for: enough to tell them from a look or two. */
const enough = 20;

/** What one member says of the umbrella's price; aggregated, because `find`s there are counted as the learner's. */
async function priceOn({ mongo }: LabView, service: string): Promise<number | undefined> {
  const [found] = await mongo(service)
    .db('shop')
    .collection('prices')
    .aggregate<{ price: number }>([{ $match: { _id: 'umbrella' } }])
    .toArray();
  return found?.price;
}

/** A secondary that says another price than the primary says before and after it. */
async function staleSecondary(
  lab: LabView,
): Promise<{ service: string; old: number; now: number } | undefined> {
  const first = primaryOf(lab, 'shard1');
  const before = first && (await priceOn(lab, first));
  if (before === undefined) return undefined;
  for (const service of secondariesOf(lab, 'shard1')) {
    const old = await priceOn(lab, service);
    if (old === undefined || old === before) continue;
    // Were it another one now, the secondary could have been the quicker of the two.
    if ((await priceOn(lab, first as string)) === before) return { service, old, now: Number(before) };
  }
  return undefined;
}

async function lockedMember({ mongo }: LabView): Promise<string | undefined> {
  for (const service of members) if (await isLocked(mongo(service))) return service;
  return undefined;
}

const priceList = 'use shop\ndb.prices.insertOne({ _id: "umbrella", price: 20 })';
const readMany = (preference: string) =>
  `prices = () => db.prices.find()${preference}.toArray()
for (let i = 0; i < 50; i++) prices()`;

export default lesson({
  minutes: 9,
  leavesNothing: true,
  needs: ['replication/three-members'],
  checks: [
    check('Secondaries have answered reads', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const expected = `${enough} reads of shop.prices on secondaries of shard1`;
        const first = primaryOf(lab, 'shard1');
        const others = secondariesOf(lab, 'shard1');
        const [onPrimary = 0, ...onOthers] = await Promise.all([
          first ? findsOn(lab.mongo(first), namespace) : 0,
          ...others.map((service) => findsOn(lab.mongo(service), namespace)),
        ]);
        const onSecondaries = onOthers.reduce((sum, count) => sum + count, 0);
        const observed = `${onPrimary} reads on the primary, ${onSecondaries} on secondaries`;
        if (onSecondaries >= enough) return pass(observed);
        return onPrimary >= enough
          ? wrong('read-on-the-primary', observed, expected)
          : pending(observed, expected);
      },
      reproduce: mongosh('shard1b', 'db.adminCommand({ top: 1 }).totals["shop.prices"].queries.count'),
    }),
    check('A secondary has told an old price', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const expected = 'a secondary that says another price than the primary';
        const first = primaryOf(lab, 'shard1');
        if (first && (await isLocked(lab.mongo(first)))) {
          return wrong('locked-the-primary', `${first}, the primary, is locked`, expected);
        }
        const stale = await staleSecondary(lab);
        if (stale) return pass(`${stale.service} says ${stale.old}, the primary ${stale.now}`);
        const locked = await lockedMember(lab);
        return pending(locked ? `${locked} is locked, and up to date` : 'all say the same', expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").prices.find().readPref("secondary")'),
    }),
    check('Nobody is locked, and all say the same', {
      at: 'router1',
      look: async (lab) => {
        const expected = 'one price on all three members, none locked';
        const locked = await lockedMember(lab);
        if (locked) return pending(`${locked} is locked`, expected);
        const prices = await Promise.all(members.map((service) => priceOn(lab, service)));
        if (prices.some((price) => price === undefined)) return pending('no price for "umbrella"', expected);
        const observed = members.map((service, index) => `${service} ${prices[index]}`).join(', ');
        return new Set(prices).size === 1 ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('shard1a', 'rs.printSecondaryReplicationInfo()'),
    }),
  ],
  questions: [choice('told', ['an error', 'nothing until it is unlocked', 'the old price', 'the new price'])],
  measurements: [measurement('told', { unit: '', measure: async (lab) => (await staleSecondary(lab))?.old })],
  mistakes: [
    mistake('read-on-the-primary', { after: mongosh('router1', `${priceList}\n${readMany('')}`) }),
    mistake('locked-the-primary', { after: mongosh(primary('shard1'), 'db.fsyncLock()') }),
  ],
  solution: [
    answer('told', 'the old price'),
    mongosh('router1', `${priceList}\n${readMany('.readPref("secondary")')}`),
    mongosh(
      secondary('shard1'),
      'db.adminCommand({ top: 1 }).totals["shop.prices"].queries.count\ndb.fsyncLock()',
    ),
    mongosh(
      'router1',
      `use shop
db.prices.updateOne({ _id: "umbrella" }, { $set: { price: 15 } })
prices = () => db.prices.find().readPref("secondary").toArray()
for (let i = 0; i < 12; i++) print(prices()[0].price)`,
    ),
    mongosh(lockedMember, 'db.fsyncUnlock()'),
  ],
});
