import {
  bash,
  check,
  countAtLeast,
  type Finding,
  type LabView,
  lesson,
  mistake,
  mongosh,
  pass,
  pending,
  refusedShard,
  shardIds,
  wasGivenUnknownCommand,
  wrong,
} from '../../../src/lesson/lesson.js';

type Shard = 'shard1' | 'shard2';
const nodeOf = { shard1: 'shard1a', shard2: 'shard2a' } as const;
const ownDatabases = ['admin', 'config', 'local'];

async function databasesOn(service: string, { mongo }: LabView): Promise<readonly string[]> {
  const { databases } = await mongo(service).db('admin').admin().listDatabases({ nameOnly: true });
  return databases.map(({ name }) => name).filter((name) => !ownDatabases.includes(name));
}

/** What was tried so far for a shard that is missing: refusals are in the log of the config server. */
async function tried(shard: Shard, lab: LabView, isFirstMissing: boolean): Promise<Finding> {
  const expected = `${shard} in the list, state 1`;
  const refused = await refusedShard(lab.mongo('config1'));
  if (refused) {
    const given = [refused.set, refused.hosts.join(',')].filter((part) => part !== undefined).join('/');
    const about = (Object.keys(nodeOf) as Shard[]).find(
      (name) => refused.set === name || refused.hosts.includes(lab.peer(nodeOf[name])),
    );
    // What concerns no shard in particular is said once, at the first that is missing.
    if (about === shard || (about === undefined && isFirstMissing)) {
      const observed = `refused: ${given}`;
      if (refused.set === undefined) return wrong('no-set-name', observed, expected);
      if (refused.set === 'configset' || refused.hosts.includes(lab.peer('config1'))) {
        return wrong('config-server-as-shard', observed, expected);
      }
      if (refused.set !== shard || !refused.hosts.includes(lab.peer(nodeOf[shard]))) {
        return wrong('no-such-set', observed, expected);
      }
    }
  }
  if (shard === 'shard2') {
    const first = await databasesOn('shard1a', lab);
    const both = (await databasesOn('shard2a', lab)).find((name) => first.includes(name));
    if (both) return wrong('database-on-both', `"${both}" is on shard1a and on shard2a`, expected);
  }
  if (isFirstMissing) {
    for (const service of ['shard1a', 'shard2a', 'config1']) {
      if (await wasGivenUnknownCommand(lab.mongo(service))) {
        return wrong('not-on-the-router', `${service} was given a command that it does not know`, expected);
      }
    }
  }
  return pending(`${shard} is not in the list of shards`, expected);
}

const shardIsAdded = (shard: Shard) =>
  check(`${shard} is part of the cluster`, {
    at: 'router1',
    look: async (lab) => {
      const shards = await shardIds(lab.mongo('router1'));
      if (shards.includes(shard)) return pass(`${shard} in the list, state 1`);
      return tried(shard, lab, shard === 'shard1' || shards.includes('shard1'));
    },
    reproduce: mongosh('router1', 'db.adminCommand({ listShards: 1 }).shards'),
  });

export default lesson({
  minutes: 7,
  checks: [
    shardIsAdded('shard1'),
    shardIsAdded('shard2'),
    check('The whole shop is seen through the router', {
      at: 'router1',
      look: async ({ mongo }) => {
        const orders = await countAtLeast(mongo('router1').db('shop').collection('orders'), 50_000);
        return orders >= 50_000 ? pass(`${orders} orders`) : pending(`${orders} orders`, '50000 orders');
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").orders.countDocuments()'),
    }),
    check('The shop sells what it gets through the router', {
      at: 'shop1',
      look: async ({ shop }) => {
        const expected = 'connected to a sharded cluster, products to sell';
        const { status, body } = await shop('/');
        if (status !== 200) return pending(`the shop says ${status} to its customers`, expected);
        const { topology, collections } = body as {
          topology: string;
          collections: Readonly<Record<string, number>>;
        };
        const { products = 0 } = collections;
        const observed = `${topology}, ${products} products`;
        return topology === 'Sharded' && products > 0 ? pass(observed) : pending(observed, expected);
      },
      reproduce: bash('shop1', 'curl --silent http://{{address shop1}}/'),
    }),
  ],
  mistakes: [
    mistake('not-on-the-router', { after: mongosh('shard1a', 'sh.addShard("shard1/{{peer shard1a}}")') }),
    mistake('no-set-name', { after: mongosh('router1', 'sh.addShard("{{peer shard1a}}")') }),
    mistake('config-server-as-shard', {
      after: mongosh('router1', 'sh.addShard("configset/{{peer config1}}")'),
    }),
    mistake('no-such-set', { after: mongosh('router1', 'sh.addShard("shard-1/{{peer shard1a}}")') }),
    mistake('database-on-both', {
      after: [
        mongosh('shard2a', 'use shop\ndb.products.insertOne({ name: "a test" })'),
        mongosh('router1', 'sh.addShard("shard1/{{peer shard1a}}")\nsh.addShard("shard2/{{peer shard2a}}")'),
      ],
    }),
  ],
  solution: [
    mongosh(
      'router1',
      `sh.status()
sh.addShard("shard1/{{peer shard1a}}")
sh.addShard("shard2/{{peer shard2a}}")
use shop
db.orders.countDocuments()`,
    ),
  ],
});
