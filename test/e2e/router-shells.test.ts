import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../src/lab/local/programs/programs.js';
import { pymongoFolder } from './support/pymongo.js';
import { type RouterCluster, routerIsUsedHere, startCluster } from './support/router-cluster.js';

const used = await routerIsUsedHere();
const pymongo = used ? await pymongoFolder() : undefined;

describe.skipIf(!used)('the router, by the shells of learners', () => {
  let cluster: RouterCluster;

  beforeAll(async () => {
    cluster = await startCluster({ shards: { shard1: 1 } });
  });

  afterAll(() => cluster?.stop());

  /** What mongosh prints for a script of lines; a line that throws ends it with an error. */
  const mongosh = async (...lines: string[]): Promise<string> => {
    const { file, argsBefore } = await findProgram('mongosh');
    const { all, exitCode } = await execa(
      file,
      [
        ...argsBefore,
        '--norc',
        `mongodb://127.0.0.1:${cluster.port}/shop`,
        '--quiet',
        '--eval',
        lines.join('\n'),
      ],
      { all: true, reject: false, env: { HOME: process.env.HOME, NO_COLOR: '1' } },
    );
    if (exitCode !== 0) throw new Error(all);
    return all;
  };

  it('takes every sharding helper of mongosh', async () => {
    const shard2 = await cluster.startSet('shard2', 1);
    const printed = await mongosh(
      `const shown = (what, value) => print(what + '=' + EJSON.stringify(value));`,
      `shown('add', sh.addShard('${shard2}').shardAdded);`,
      `shown('enable', sh.enableSharding('shop', 'shard1').ok);`,
      `shown('shard', sh.shardCollection('shop.users', { uid: 'hashed' }).collectionsharded);`,
      'db.users.insertMany([...Array(400).keys()].map((uid) => ({ uid })), { ordered: false });',
      `shown('count', db.users.countDocuments());`,
      `shown('distribution', db.users.getShardDistribution());`,
      `shown('stage', db.users.find({ uid: 4 }).explain().queryPlanner.winningPlan.stage);`,
      `shown('stats', db.users.stats().count);`,
      `sh.shardCollection('shop.ranged', { n: 1 });`,
      'db.ranged.insertMany([...Array(100).keys()].map((n) => ({ n })));',
      `shown('splitAt', sh.splitAt('shop.ranged', { n: 50 }).ok);`,
      `shown('splitFind', sh.splitFind('shop.ranged', { n: 75 }).ok);`,
      `shown('moveChunk', sh.moveChunk('shop.ranged', { n: 10 }, 'shard2').ok);`,
      `shown('moveRange', db.adminCommand({ moveRange: 'shop.ranged', min: { n: 50 }, toShard: 'shard2' }).ok);`,
      `shown('zone', sh.addShardToZone('shard1', 'EU').ok);`,
      `shown('tag', sh.addShardTag('shard2', 'US').ok);`,
      `shown('range', sh.updateZoneKeyRange('shop.ranged', { n: 0 }, { n: 10 }, 'EU').ok);`,
      `shown('unrange', sh.removeRangeFromZone('shop.ranged', { n: 0 }, { n: 10 }).ok);`,
      `shown('unzone', sh.removeShardFromZone('shard1', 'EU').ok);`,
      `shown('stop', sh.stopBalancer().ok);`,
      `shown('off', sh.getBalancerState());`,
      `shown('start', sh.startBalancer().ok);`,
      `shown('on', sh.getBalancerState());`,
      `sh.disableBalancing('shop.ranged');`,
      `shown('noBalance', db.getSiblingDB('config').collections.findOne({ _id: 'shop.ranged' }).noBalance);`,
      `sh.enableBalancing('shop.ranged');`,
      `shown('compliant', sh.balancerCollectionStatus('shop.users').balancerCompliant);`,
      `shown('running', typeof sh.isBalancerRunning());`,
    );
    expect(printed).toContain('add="shard2"');
    expect(printed).toContain('shard="shop.users"');
    expect(printed).toContain('count=400');
    expect(printed).toContain('Shard shard1 at shard1/127.0.0.1');
    expect(printed).toContain('Shard shard2 at shard2/127.0.0.1');
    expect(printed).toContain('stage="SINGLE_SHARD"');
    expect(printed).toContain('stats=400');
    for (const what of [
      'enable',
      'splitAt',
      'splitFind',
      'moveChunk',
      'moveRange',
      'zone',
      'tag',
      'range',
      'unrange',
      'unzone',
      'stop',
      'start',
    ]) {
      expect(printed).toContain(`${what}=1`);
    }
    expect(printed).toContain('off=false');
    expect(printed).toContain('on=true');
    expect(printed).toContain('noBalance=true');
    expect(printed).toContain('compliant=true');
  });

  it('prints a complete sh.status()', async () => {
    const printed = await mongosh('sh.status()');
    for (const part of [
      'shards',
      'shard1/127.0.0.1',
      'active mongoses',
      "'6.0.5': 1",
      'balancer',
      'databases',
      'shop.users',
    ]) {
      expect(printed).toContain(part);
    }
  });

  it('reads, writes and manages collections as mongosh does', async () => {
    const printed = await mongosh(
      `const shown = (what, value) => print(what + '=' + EJSON.stringify(value));`,
      `shown('bulk', db.things.bulkWrite([{ insertOne: { document: { a: 1 } } }, { updateOne: { filter: { a: 1 }, update: { $set: { b: 2 } } } }]).modifiedCount);`,
      'db.things.insertMany([...Array(500).keys()].map((a) => ({ a })));',
      `shown('batches', db.things.find().batchSize(7).toArray().length);`,
      `shown('distinct', db.things.distinct('a', { a: { $lt: 3 } }));`,
      `shown('count', db.things.count({ a: { $lt: 3 } }));`,
      `shown('fam', db.things.findAndModify({ query: { a: 4 }, update: { $set: { c: 1 } }, new: true }).c);`,
      `shown('index', db.things.createIndex({ a: 1 }));`,
      `shown('indexes', db.things.getIndexes().length);`,
      `shown('names', db.getCollectionNames().includes('things'));`,
      `shown('dbs', db.adminCommand({ listDatabases: 1 }).databases.map((d) => d.name));`,
      `shown('killed', db.runCommand({ killCursors: 'things', cursors: [Long(1)] }).cursorsNotFound.length);`,
      `shown('drop', db.things.drop());`,
      `shown('dropped', db.getSiblingDB('temporary').dropDatabase().ok);`,
      `shown('op', db.currentOp().inprog.length > 0);`,
      `try { db.users.watch(); } catch (error) { shown('stream', error.code); }`,
      `try { rs.status(); } catch (error) { shown('rs', error.message); }`,
      `try { rs.initiate(); } catch (error) { shown('initiate', error.message); }`,
      `try { const s = db.getMongo().startSession(); s.startTransaction(); s.getDatabase('shop').things.insertOne({}); } catch (error) { shown('transaction', error.code); }`,
    );
    expect(printed.split('\n').filter((line) => /^\w+=/.test(line))).toEqual([
      'bulk=1',
      'batches=501',
      'distinct=[0,1,2]',
      'count=4',
      'fam=1',
      'index="a_1"',
      'indexes=2',
      'names=true',
      'dbs=["admin","config","shop"]',
      'killed=1',
      'drop=true',
      'dropped=1',
      'op=true',
      'stream=115',
      'rs="replSetGetStatus is not supported through mongos"',
      'initiate="replSetInitiate is not supported through mongos"',
      'transaction=263',
    ]);
  });

  it.skipIf(pymongo === undefined)('serves PyMongo', async () => {
    const script = `
import sys
from pymongo import MongoClient, UpdateOne, InsertOne
client = MongoClient(sys.argv[1])
assert client.is_mongos
users = client.pydb.users
client.admin.command('enableSharding', 'pydb')
client.admin.command('shardCollection', 'pydb.users', key={'uid': 'hashed'})
users.insert_many([{'uid': i, 'group': i % 5} for i in range(2000)], ordered=False)
assert users.count_documents({}) == 2000
assert users.estimated_document_count() == 2000
assert sorted(users.distinct('group')) == [0, 1, 2, 3, 4]
assert [d['n'] for d in users.aggregate([{'$group': {'_id': '$group', 'n': {'$sum': 1}}}, {'$sort': {'_id': 1}}])] == [400] * 5
assert len(list(users.find({}, batch_size=100))) == 2000
assert users.bulk_write([InsertOne({'uid': 9000}), UpdateOne({'uid': 9000}, {'$set': {'x': 1}})]).modified_count == 1
assert users.find_one_and_update({'uid': 9000}, {'$inc': {'x': 1}}, return_document=True)['x'] == 2
assert users.delete_many({'uid': 9000}).deleted_count == 1
assert users.create_index('group') == 'group_1'
assert 'users' in client.pydb.list_collection_names()
client.drop_database('pydb')
assert 'pydb' not in client.list_database_names()
print('done')
`;
    const { stdout } = await execa('python3', ['-c', script, cluster.uri], {
      env: { PYTHONPATH: pymongo as string },
    });
    expect(stdout).toBe('done');
  });
});
