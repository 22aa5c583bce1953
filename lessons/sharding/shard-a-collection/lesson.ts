import {
  asTyped,
  check,
  type Finding,
  type LabView,
  lesson,
  mistake,
  mongosh,
  ownedByShard,
  pass,
  pending,
  sameKey,
  shardKeys,
  wrong,
} from '../../../src/lesson/lesson.js';

const namespace = 'somedb.users';
const key = { name: 'hashed' };
const ownDatabases = ['admin', 'config', 'local', 'shop', 'somedb'];

const shard = 'sh.shardCollection("somedb.users", { name: "hashed" })';
const insert = `for (let i = 0; i < 1000; i++) {
  db.users.insertOne({ age: i, name: "ly" + i })
}`;

async function otherDatabases({ mongo }: LabView): Promise<readonly string[]> {
  const databases = await mongo('router1')
    .db('config')
    .collection<{ _id: string }>('databases')
    .find()
    .toArray();
  return databases.map(({ _id }) => _id).filter((name) => !ownDatabases.includes(name));
}

/** A database that is there for this lesson only: it has nothing in it, or users. Others may be from earlier. */
async function mistakenDatabase(lab: LabView): Promise<string | undefined> {
  for (const name of await otherDatabases(lab)) {
    const collections = await lab.mongo('router1').db(name).listCollections({}, { nameOnly: true }).toArray();
    if (collections.every((collection) => collection.name === 'users')) return name;
  }
  return undefined;
}

/** What was sharded, or only enabled or filled, in its place. */
async function insteadOfIt(keys: ReadonlyMap<string, unknown>, lab: LabView): Promise<Finding> {
  const expected = `${namespace} by ${asTyped(key)}`;
  const router = lab.mongo('router1');
  const sharded = [...keys.keys()];
  const sameDatabase = sharded.find((name) => name.startsWith('somedb.'));
  if (sameDatabase) return wrong('other-collection', `${sameDatabase} is sharded instead`, expected);
  const sameName = sharded.find((name) => name.endsWith('.users'));
  if (sameName) return wrong('other-database', `${sameName} is sharded instead`, expected);
  if ((await router.db('somedb').collection('users').estimatedDocumentCount()) > 0) {
    return wrong('not-sharded', `${namespace} has documents, and is not sharded`, expected);
  }
  const databases = router.db('config').collection<{ _id: string }>('databases');
  if (await databases.findOne({ _id: 'somedb' })) {
    return pending(`the database is known, ${namespace} is not sharded`, expected);
  }
  const mistaken = await mistakenDatabase(lab);
  return mistaken
    ? wrong('other-database', `the cluster knows "${mistaken}", and no "somedb"`, expected)
    : pending('the cluster knows no database "somedb"', expected);
}

/** How many documents both shards hold in this collection, whether or not the router would show them. */
async function stored({ mongo }: LabView): Promise<number> {
  const counts = await Promise.all(
    ['shard1a', 'shard2a'].map((node) =>
      mongo(node).db('somedb').collection('users').estimatedDocumentCount(),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

export default lesson({
  minutes: 8,
  checks: [
    check('somedb.users is sharded by the hash of the name', {
      at: 'router1',
      look: async (lab) => {
        const keys = await shardKeys(lab.mongo('router1'));
        const found = keys.get(namespace);
        if (!found) return insteadOfIt(keys, lab);
        const observed = `sharded by ${asTyped(found)}`;
        const expected = `sharded by ${asTyped(key)}`;
        if (sameKey(found, key)) return pass(observed);
        return wrong(sameKey(found, { name: 1 }) ? 'ranged-key' : 'other-key', observed, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("config").collections.find({ _id: "somedb.users" })'),
    }),
    check('The router sees 1,000 users', {
      at: 'router1',
      look: async (lab) => {
        const users = lab.mongo('router1').db('somedb').collection('users');
        // Not the estimate: that counts orphans too.
        const seen = await users.countDocuments();
        const expected = '1000 users';
        if (seen === 1000) return pass(`${seen} users`);
        const held = await stored(lab);
        if (held > seen) {
          return wrong('straight-into-a-shard', `${held} users stored, ${seen} seen by the router`, expected);
        }
        if (seen > 0) return pending(`${seen} users`, expected);
        for (const name of await otherDatabases(lab)) {
          const there = await lab.mongo('router1').db(name).collection('users').estimatedDocumentCount();
          if (there > 0) return wrong('users-elsewhere', `${there} users in ${name}.users`, expected);
        }
        return pending('no users', expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("somedb").users.countDocuments()'),
    }),
    check('Each shard holds about half of them', {
      at: 'router1',
      look: async ({ mongo }) => {
        const owned = await ownedByShard(mongo('router1'), namespace);
        const expected = 'between 35 and 65 % on each shard';
        const total = [...owned.values()].reduce((sum, count) => sum + count, 0);
        if (total === 0) return pending('no users on sharded ranges', expected);
        const shares = ['shard1', 'shard2'].map((id) => (100 * (owned.get(id) ?? 0)) / total);
        const observed = `shard1 ${shares[0]?.toFixed(0)} %, shard2 ${shares[1]?.toFixed(0)} %`;
        return total >= 1000 && shares.every((share) => share >= 35 && share <= 65)
          ? pass(observed)
          : pending(`${observed} of ${total} users`, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("somedb").users.getShardDistribution()'),
    }),
  ],
  mistakes: [
    mistake('ranged-key', { after: mongosh('router1', 'sh.shardCollection("somedb.users", { name: 1 })') }),
    mistake('other-key', {
      after: mongosh('router1', 'sh.shardCollection("somedb.users", { age: "hashed" })'),
    }),
    mistake('other-collection', {
      after: mongosh('router1', 'sh.shardCollection("somedb.user", { name: "hashed" })'),
    }),
    mistake('other-database', { after: mongosh('router1', 'sh.enableSharding("some_db")') }),
    mistake('not-sharded', { after: mongosh('router1', `use somedb\n${insert}`) }),
    mistake('users-elsewhere', { after: mongosh('router1', `${shard}\n${insert}`) }),
    mistake('straight-into-a-shard', {
      after: [mongosh('router1', shard), mongosh('shard1a', `use somedb\n${insert}`)],
    }),
  ],
  solution: [
    mongosh(
      'router1',
      `sh.enableSharding("somedb")\n${shard}\nuse somedb\n${insert}\ndb.users.countDocuments()\ndb.users.getShardDistribution()`,
    ),
  ],
});
