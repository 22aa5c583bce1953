import { connect } from 'node:net';
import type { Db, Document, MongoClient } from 'mongodb';
import { BSON, Long } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, type RouterCluster, routerIsUsedHere, startCluster } from './support/router-cluster.js';

/** What the config database keeps: a name as the id. */
interface Metadata extends Document {
  _id: string;
}

const used = await routerIsUsedHere();

describe.skipIf(!used)('the router, by the official driver', () => {
  let cluster: RouterCluster;
  let client: MongoClient;
  let admin: Db;
  let shop: Db;

  beforeAll(async () => {
    cluster = await startCluster({ shards: { shard1: 1, shard2: 1 } });
    client = await cluster.client();
    admin = client.db('admin');
    shop = client.db('shop');
    await admin.command({ enableSharding: 'shop', primaryShard: 'shard1' });
    await admin.command({ shardCollection: 'shop.users', key: { uid: 'hashed' } });
    await shop.collection('users').insertMany(
      Array.from({ length: 1000 }, (_, uid) => ({ uid, group: uid % 7 })),
      { ordered: false },
    );
  });

  afterAll(() => cluster?.stop());

  /** An OP_MSG of exactly `size` bytes that inserts four documents. */
  const insertOfSize = (collection: string, size: number): Buffer => {
    const body = BSON.serialize({ insert: collection, $db: 'shop' });
    const sequenceAt = 21 + body.length;
    const head = Buffer.alloc(sequenceAt + 15);
    head.writeInt32LE(size, 0);
    head.writeInt32LE(1, 4);
    head.writeInt32LE(2013, 12);
    head.set(body, 21);
    head[sequenceAt] = 1;
    head.writeInt32LE(size - sequenceAt - 1, sequenceAt + 1);
    head.write('documents\0', sequenceAt + 5, 'latin1');
    const serialized = (text: string) => BSON.serialize({ text });
    const large = Array.from({ length: 3 }, () => serialized('x'.repeat(12_000_000)));
    const taken = [head, ...large, serialized('')].reduce((total, { length }) => total + length, 0);
    return Buffer.concat([head, ...large, serialized('x'.repeat(size - taken))]);
  };

  /** Sends one message and returns the whole reply, or undefined if the connection is closed instead. */
  const exchange = async (message: Buffer): Promise<Buffer | undefined> => {
    const socket = connect({ host: '127.0.0.1', port: cluster.port });
    socket.on('error', () => {});
    socket.write(message);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of socket) {
        chunks.push(chunk);
        const received = Buffer.concat(chunks);
        if (received.length >= 16 && received.length >= received.readInt32LE(0)) return received;
      }
    } catch {
      // It was closed while the message was on its way.
    } finally {
      socket.destroy();
    }
    return undefined;
  };

  const openCursors = async (): Promise<number> => {
    const counts = await Promise.all(
      cluster.nodes
        .filter(({ set }) => set.startsWith('shard'))
        .map(async ({ port }) => {
          const node = await cluster.direct(port);
          return (await node.db('admin').command({ serverStatus: 1 })).metrics.cursor.open.total as number;
        }),
    );
    return counts.reduce((a, b) => a + b, 0);
  };

  it('says what it is, and is taken for a mongos', async () => {
    const hello = await admin.command({ hello: 1 });
    expect(hello).toMatchObject({ msg: 'isdbgrid', courseRouter: true, maxWireVersion: 17 });
    expect(await admin.command({ serverStatus: 1 })).toMatchObject({ process: 'mongos', courseRouter: true });
    expect(await admin.command({ buildInfo: 1 })).toMatchObject({ version: '6.0.5', courseRouter: true });
    const [entry] = await client.db('config').collection<Metadata>('mongos').find().toArray();
    expect(entry).toMatchObject({ _id: `127.0.0.1:${cluster.port}`, mongoVersion: '6.0.5', waiting: true });
    expect(Date.now() - entry?.ping.getTime()).toBeLessThan(30_000);
  });

  it('warns whoever connects of what it cannot do', async () => {
    const { log } = await admin.command({ getLog: 'startupWarnings' });
    expect(log).toHaveLength(1);
    const { msg, tags } = JSON.parse(log[0]);
    expect(tags).toEqual(['startupWarnings']);
    expect(msg).toMatch(/course router.*no transactions.*no change streams.*retryWrites may write twice/);
  });

  it('lists shards, databases and collections', async () => {
    const { shards } = await admin.command({ listShards: 1 });
    expect(shards.map(({ _id }: Document) => _id)).toEqual(['shard1', 'shard2']);
    const { databases } = await admin.command({ listDatabases: 1 });
    expect(databases.map(({ name }: Document) => name)).toEqual(['admin', 'config', 'shop']);
    const listed = await admin.command({ listDatabases: 1, nameOnly: true, filter: { name: 'shop' } });
    expect(listed.databases).toEqual([{ name: 'shop' }]);
    expect((await shop.listCollections().toArray()).map(({ name }) => name)).toContain('users');
    expect(await client.db('nowhere').listCollections().toArray()).toEqual([]);
  });

  it('spreads a hashed collection and answers from every shard', async () => {
    const users = shop.collection('users');
    const [distribution] = await admin
      .aggregate([{ $shardedDataDistribution: {} }, { $match: { ns: 'shop.users' } }])
      .toArray();
    const owned = distribution?.shards.map((shard: Document) => shard.numOwnedDocuments);
    expect(owned).toHaveLength(2);
    expect(Math.min(...owned)).toBeGreaterThan(300);
    expect(await users.countDocuments({ group: 3 })).toBe(143);
    expect(await users.estimatedDocumentCount()).toBe(1000);
    expect((await shop.command({ count: 'users', query: { group: 3 }, skip: 100, limit: 20 })).n).toBe(20);
    expect((await shop.command({ count: 'users', query: { group: 3 }, skip: 140 })).n).toBe(3);
    expect(await users.distinct('group')).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(await client.db('nowhere').collection('none').distinct('x')).toEqual([]);
  });

  it('reads many batches on any connection, and closes cursors on the shards when told to', async () => {
    const all = await shop.collection('users').find().sort({ uid: 1 }).batchSize(50).toArray();
    expect(all.map(({ uid }) => uid)).toEqual(Array.from({ length: 1000 }, (_, uid) => uid));

    const before = await openCursors();
    const cursor = shop.collection('users').find().batchSize(10);
    await cursor.next();
    expect(await openCursors()).toBe(before + 2);
    await cursor.close();
    expect(await openCursors()).toBe(before);
    const unknown = await shop.command({ killCursors: 'users', cursors: [Long.fromNumber(42)] });
    expect(unknown.cursorsNotFound.map(Number)).toEqual([42]);
    const lost = await failure(shop.command({ getMore: Long.fromNumber(42), collection: 'users' }));
    expect(lost.code).toBe(43);
  });

  it('carries messages as large as MongoDB allows', async () => {
    const large = shop.collection('large');
    const text = 'x'.repeat(1_000_000);
    await large.insertMany(Array.from({ length: 45 }, (_, n) => ({ n, text })));
    const sizes = await large.aggregate([{ $project: { size: { $strLenBytes: '$text' } } }]).toArray();
    expect(sizes.map(({ size }) => size)).toEqual(Array(45).fill(1_000_000));
    expect((await large.find({}, { batchSize: 1000 }).toArray()).every((one) => one.text === text)).toBe(
      true,
    );
    await large.drop();
  });

  it('takes a message exactly as large as it offers, and closes on a larger one', async () => {
    const { maxMessageSizeBytes } = await admin.command({ hello: 1 });
    expect(maxMessageSizeBytes).toBeGreaterThan(47_000_000);
    const reply = await exchange(insertOfSize('exact', maxMessageSizeBytes));
    expect(reply && BSON.deserialize(reply.subarray(21))).toMatchObject({ n: 4, ok: 1 });
    expect(await shop.collection('exact').countDocuments()).toBe(4);
    expect(await exchange(insertOfSize('larger', maxMessageSizeBytes + 1))).toBeUndefined();
    expect(await shop.collection('larger').countDocuments()).toBe(0);
    await shop.collection('exact').drop();
  });

  it('plans a query on the key for one shard and another one for all', async () => {
    const users = shop.collection('users');
    const targeted = await users.find({ uid: 7 }).explain('executionStats');
    expect(targeted.queryPlanner.winningPlan).toMatchObject({ stage: 'SINGLE_SHARD' });
    const scattered = await users.find({ group: 3 }).explain('executionStats');
    expect(scattered.queryPlanner.winningPlan.stage).toBe('SHARD_MERGE');
    expect(scattered.executionStats.nReturned).toBe(143);
    const aggregated = await users.aggregate([{ $match: { uid: 7 } }]).explain();
    expect(Object.keys(aggregated.shards)).toHaveLength(1);
    const update = await shop.command({
      explain: { update: 'users', updates: [{ q: { uid: 7 }, u: { $set: { x: 1 } } }] },
      verbosity: 'queryPlanner',
    });
    expect(update.queryPlanner.winningPlan.stage).toBe('SINGLE_SHARD');
    const remove = await shop.command({
      explain: { delete: 'users', deletes: [{ q: { group: 3 }, limit: 0 }] },
      verbosity: 'queryPlanner',
    });
    expect(remove.queryPlanner.winningPlan).toMatchObject({ stage: 'SHARD_WRITE' });
    const counted = await shop.command({
      explain: { count: 'users', query: { group: 3 } },
      verbosity: 'executionStats',
    });
    expect(counted.queryPlanner.winningPlan.shards).toHaveLength(2);
    expect(await users.countDocuments({ group: 3 })).toBe(143);
  });

  it('writes in bulk, upserts, and passes MongoDB’s own write errors on', async () => {
    const users = shop.collection('users');
    const result = await users.bulkWrite([
      { insertOne: { document: { uid: 5000 } } },
      { updateOne: { filter: { uid: 5001 }, update: { $set: { group: 1 } }, upsert: true } },
      { updateMany: { filter: { uid: { $gte: 5000 } }, update: { $set: { extra: true } } } },
      { replaceOne: { filter: { uid: 5000 }, replacement: { uid: 5000, replaced: true } } },
      { deleteMany: { filter: { uid: { $gte: 5000 } } } },
    ]);
    expect(result).toMatchObject({ insertedCount: 1, upsertedCount: 1, modifiedCount: 3, deletedCount: 2 });
    const duplicate = await failure(
      shop.collection<{ _id: number }>('keyed').insertMany([{ _id: 1 }, { _id: 1 }]),
    );
    expect(duplicate.code).toBe(11000);
    const upsert = await failure(users.updateOne({ group: 9 }, { $set: { x: 1 } }, { upsert: true }));
    expect(upsert.code).toBe(61);
    expect(upsert.message).toContain('could not extract exact shard key');
  });

  it('finds and modifies by the shard key', async () => {
    const users = shop.collection('users');
    const updated = await users.findOneAndUpdate(
      { uid: 11 },
      { $set: { seen: 1 } },
      { returnDocument: 'after' },
    );
    expect(updated).toMatchObject({ uid: 11, seen: 1 });
    const made = await users.findOneAndUpdate(
      { uid: 7001 },
      { $set: { seen: 1 } },
      { upsert: true, returnDocument: 'after' },
    );
    expect(made).toMatchObject({ uid: 7001 });
    expect(await users.findOneAndDelete({ uid: 7001 })).toMatchObject({ uid: 7001 });
    const without = await failure(users.findOneAndUpdate({ group: 3 }, { $set: { seen: 1 } }));
    expect(without).toMatchObject({
      code: 61,
      message: 'Query for sharded findAndModify must contain the shard key',
    });
    await shop.collection('plain').insertOne({ n: 1 });
    expect(await shop.collection('plain').findOneAndUpdate({ n: 1 }, { $inc: { n: 1 } })).toMatchObject({
      n: 1,
    });
  });

  it('aggregates with $lookup, $facet, $group, $out and $merge', async () => {
    await shop
      .collection('groups')
      .insertMany(Array.from({ length: 7 }, (_, group) => ({ group, name: `g${group}` })));
    const joined = await shop
      .collection('users')
      .aggregate([
        { $match: { uid: { $lt: 14 } } },
        { $lookup: { from: 'groups', localField: 'group', foreignField: 'group', as: 'g' } },
        { $group: { _id: { $first: '$g.name' }, n: { $sum: 1 } } },
        { $sort: { _id: 1 } },
      ])
      .toArray();
    expect(joined).toEqual(Array.from({ length: 7 }, (_, group) => ({ _id: `g${group}`, n: 2 })));
    await shop
      .collection('users')
      .aggregate([{ $match: { uid: { $lt: 5 } } }, { $out: 'first' }])
      .toArray();
    expect(await shop.collection('first').countDocuments()).toBe(5);
    await shop
      .collection('users')
      .aggregate([{ $match: { uid: { $lt: 9 } } }, { $merge: 'first' }])
      .toArray();
    expect(await shop.collection('first').countDocuments()).toBe(9);
    const [facets] = await shop
      .collection('users')
      .aggregate([{ $facet: { a: [{ $count: 'n' }], b: [{ $match: { group: 1 } }, { $count: 'n' }] } }])
      .toArray();
    expect(facets).toEqual({ a: [{ n: 1000 }], b: [{ n: 143 }] });
  });

  it('makes and drops indexes on every shard', async () => {
    const users = shop.collection('users');
    await users.createIndex({ group: 1 });
    for (const { port } of cluster.nodes.filter(({ set }) => set.startsWith('shard'))) {
      const indexes = await (await cluster.direct(port)).db('shop').collection('users').indexes();
      expect(indexes.map(({ name }) => name)).toContain('group_1');
    }
    expect((await users.indexes()).map(({ name }) => name)).toEqual(['_id_', 'uid_hashed', 'group_1']);
    await users.dropIndex('group_1');
    expect((await users.indexes()).map(({ name }) => name)).toEqual(['_id_', 'uid_hashed']);
  });

  it('makes, changes, renames and drops collections and databases', async () => {
    const other = client.db('other');
    await other.createCollection('made', { validator: { n: { $type: 'int' } } });
    expect((await failure(other.collection('made').insertOne({ n: 'text' }))).code).toBe(121);
    await other.command({ collMod: 'made', validationLevel: 'off' });
    await other.collection('made').insertOne({ n: 'text' });
    await admin.command({ renameCollection: 'other.made', to: 'other.renamed' });
    expect((await other.listCollections().toArray()).map(({ name }) => name)).toEqual(['renamed']);
    expect(await other.collection('renamed').drop()).toBe(true);
    expect(await other.dropDatabase()).toBe(true);
    expect(
      (await admin.command({ listDatabases: 1 })).databases.map(({ name }: Document) => name),
    ).not.toContain('other');
    await admin.command({ shardCollection: 'shop.short', key: { n: 1 } });
    await shop.collection('short').insertOne({ n: 1 });
    expect(await shop.collection('short').drop()).toBe(true);
    expect(
      await client.db('config').collection<Metadata>('collections').findOne({ _id: 'shop.short' }),
    ).toBeNull();
  });

  it('reads views, counting and distinct values too', async () => {
    await shop.createCollection('third', { viewOn: 'users', pipeline: [{ $match: { group: 3 } }] });
    expect(await shop.collection('third').find().batchSize(20).toArray()).toHaveLength(143);
    expect((await shop.command({ count: 'third' })).n).toBe(143);
    expect(await shop.collection('third').distinct('group')).toEqual([3]);
  });

  it('gives statistics of a whole collection and database', async () => {
    const stats = await shop.command({ collStats: 'users' });
    expect(stats).toMatchObject({ sharded: true, count: 1000, ns: 'shop.users' });
    expect(Object.keys(stats.shards)).toEqual(['shard1', 'shard2']);
    const size = await shop.command({ dataSize: 'shop.users' });
    expect(size.numObjects).toBe(1000);
    expect((await shop.command({ dbStats: 1 })).objects).toBeGreaterThanOrEqual(1000);
    expect(await shop.command({ validate: 'users' })).toMatchObject({ valid: true });
  });

  it('shards collections with MongoDB’s own rules and words', async () => {
    await shop.collection('loaded').insertMany(Array.from({ length: 10 }, (_, sku) => ({ sku })));
    const unindexed = await failure(admin.command({ shardCollection: 'shop.loaded', key: { sku: 1 } }));
    expect(unindexed.code).toBe(72);
    expect(unindexed.message).toContain('Please create an index that starts with the proposed shard key');
    await shop.collection<Metadata>('loaded').createIndex({ sku: 1 });
    const sharded = await admin.command({ shardCollection: 'shop.loaded', key: { sku: 1 } });
    expect(sharded.collectionsharded).toBe('shop.loaded');
    expect((await admin.command({ shardCollection: 'shop.loaded', key: { sku: 1 } })).ok).toBe(1);
    const again = await failure(admin.command({ shardCollection: 'shop.loaded', key: { other: 1 } }));
    expect(again).toMatchObject({ code: 23 });
    expect(again.message).toContain('sharding already enabled for collection shop.loaded');
    const chunks = await admin.command({
      shardCollection: 'shop.presplit',
      key: { k: 'hashed' },
      numInitialChunks: 8,
    });
    expect(chunks.ok).toBe(1);
    const made = await client
      .db('config')
      .collection<Metadata>('collections')
      .findOne({ _id: 'shop.presplit' });
    expect(
      await client.db('config').collection<Metadata>('chunks').countDocuments({ uuid: made?.uuid }),
    ).toBe(8);
    await admin.command({ shardCollection: 'fresh.unique', key: { code: 1 }, unique: true });
    await client.db('fresh').collection('unique').insertOne({ code: 1 });
    expect((await failure(client.db('fresh').collection('unique').insertOne({ code: 1 }))).code).toBe(11000);
  });

  it('splits, moves and merges chunks', async () => {
    await admin.command({ shardCollection: 'shop.ranged', key: { n: 1 } });
    await shop.collection('ranged').insertMany(Array.from({ length: 300 }, (_, n) => ({ n })));
    const uuid = (
      await client.db('config').collection<Metadata>('collections').findOne({ _id: 'shop.ranged' })
    )?.uuid;
    const chunks = async () =>
      (
        await client.db('config').collection<Metadata>('chunks').find({ uuid }).sort({ min: 1 }).toArray()
      ).map(({ min, shard }) => [min.n, shard]);
    await admin.command({ split: 'shop.ranged', middle: { n: 100 } });
    await admin.command({ split: 'shop.ranged', find: { n: 200 } });
    const points = (await chunks()).map(([min]) => min).filter((min) => typeof min === 'number');
    expect(points[0]).toBe(100);
    expect(points[1]).toBeGreaterThan(150);
    expect(points[1]).toBeLessThan(250);
    await admin.command({ moveChunk: 'shop.ranged', find: { n: 150 }, to: 'shard2' });
    expect(await chunks()).toEqual([
      [expect.anything(), 'shard1'],
      [100, 'shard2'],
      [points[1], 'shard1'],
    ]);
    await admin.command({ moveRange: 'shop.ranged', min: { n: points[1] }, toShard: 'shard2' });
    await admin.command({ mergeChunks: 'shop.ranged', bounds: [{ n: 100 }, await lastMax(uuid)] });
    expect(await chunks()).toEqual([
      [expect.anything(), 'shard1'],
      [100, 'shard2'],
    ]);
    // Counts are right at once, though the old owner still holds orphans.
    expect(await shop.collection('ranged').countDocuments()).toBe(300);
    expect((await shop.command({ count: 'ranged', query: { n: { $gte: 0 } } })).n).toBe(300);
    const lost = await failure(admin.command({ moveChunk: 'shop.ranged', find: { n: 1 }, to: 'nowhere' }));
    expect(lost.code).toBe(70);
    const unsharded = await failure(admin.command({ split: 'shop.plain', middle: { n: 1 } }));
    expect(unsharded.code).toBe(118);
    const hashed = await admin.command({ split: 'shop.users', find: { uid: 3 } });
    expect(hashed.ok).toBe(1);
  });

  const lastMax = async (uuid: unknown): Promise<unknown> =>
    (
      await client
        .db('config')
        .collection<Metadata>('chunks')
        .find({ uuid })
        .sort({ min: -1 })
        .limit(1)
        .toArray()
    )[0]?.max;

  it('keeps zones and the balancer', async () => {
    await admin.command({ addShardToZone: 'shard1', zone: 'EU' });
    await admin.command({ updateZoneKeyRange: 'shop.ranged', min: { n: 0 }, max: { n: 10 }, zone: 'EU' });
    expect(
      await client.db('config').collection('tags').countDocuments({ ns: 'shop.ranged', tag: 'EU' }),
    ).toBe(1);
    await admin.command({ updateZoneKeyRange: 'shop.ranged', min: { n: 0 }, max: { n: 10 }, zone: null });
    await admin.command({ removeShardFromZone: 'shard1', zone: 'EU' });
    await admin.command({ balancerStop: 1 });
    expect(await admin.command({ balancerStatus: 1 })).toMatchObject({ mode: 'off' });
    await admin.command({ balancerStart: 1 });
    expect(await admin.command({ balancerStatus: 1 })).toMatchObject({ mode: 'full' });
    expect(await admin.command({ balancerCollectionStatus: 'shop.users' })).toMatchObject({
      balancerCompliant: true,
    });
    const settings = client.db('config').collection<Metadata>('settings');
    await settings.updateOne({ _id: 'chunksize' }, { $set: { value: 1 } }, { upsert: true });
    expect(await settings.findOne({ _id: 'chunksize' })).toEqual({ _id: 'chunksize', value: 1 });
  });

  it('changes a shard key', async () => {
    await admin.command({ shardCollection: 'shop.keys', key: { a: 1 } });
    await shop.collection('keys').insertMany(Array.from({ length: 20 }, (_, n) => ({ a: n, b: n % 3 })));
    await shop.collection('keys').createIndex({ a: 1, b: 1 });
    await admin.command({ refineCollectionShardKey: 'shop.keys', key: { a: 1, b: 1 } });
    const key = async () =>
      (await client.db('config').collection<Metadata>('collections').findOne({ _id: 'shop.keys' }))?.key;
    expect(await key()).toEqual({ a: 1, b: 1 });
    await admin.command({ reshardCollection: 'shop.keys', key: { b: 'hashed' } });
    expect(await key()).toEqual({ b: 'hashed' });
    expect(await shop.collection('keys').countDocuments()).toBe(20);
  });

  it('moves a database’s primary shard, unless that would bring the server down', async () => {
    const moving = client.db('moving');
    await admin.command({ enableSharding: 'moving', primaryShard: 'shard1' });
    await admin.command({ shardCollection: 'moving.wide', key: { n: 'hashed' } });
    await moving.collection('wide').insertMany(Array.from({ length: 50 }, (_, n) => ({ n })));
    await moving.collection('plain').insertOne({ n: 1 });
    const [shard1] = cluster.nodes.filter(({ set }) => set === 'shard1');
    const direct = (await cluster.direct(shard1?.port as number)).db('moving').collection('wide');
    await direct.createIndex({ lonely: 1 });
    const refused = await failure(admin.command({ movePrimary: 'moving', to: 'shard2' }));
    expect(refused.message).toContain('lacks index lonely_1');
    await direct.dropIndex('lonely_1');
    await admin.command({ movePrimary: 'moving', to: 'shard2' });
    expect(await moving.collection('plain').countDocuments()).toBe(1);
    expect(await moving.collection('wide').countDocuments()).toBe(50);
    expect(
      await client.db('config').collection<Metadata>('databases').findOne({ _id: 'moving' }),
    ).toMatchObject({
      primary: 'shard2',
    });
  });

  it('refuses what it cannot do and says what to use instead', async () => {
    const session = client.startSession();
    const transaction = await failure(
      session.withTransaction(() => shop.collection('users').insertOne({ uid: 1 }, { session })),
    );
    await session.endSession();
    expect(transaction).toMatchObject({ code: 263 });
    expect(transaction.message).toContain('one shard’s replica set');
    const stream = await failure(shop.collection('users').watch().next());
    expect(stream).toMatchObject({ code: 115 });
    expect(stream.message).toContain('replica set');
    const nested = await failure(
      shop
        .collection('users')
        .aggregate([{ $unionWith: { coll: 'x', pipeline: [{ $changeStream: {} }] } }])
        .toArray(),
    );
    expect(nested.code).toBe(115);
    expect((await failure(shop.collection('users').find({}, { tailable: true }).toArray())).code).toBe(115);
    expect((await failure(admin.command({ replSetGetStatus: 1 }))).message).toBe(
      'replSetGetStatus is not supported through mongos',
    );
    const unknown = await failure(admin.command({ clusterInsert: 'users' }));
    expect(unknown).toMatchObject({ code: 59 });
    expect(unknown.message).toContain('course router');
    expect((await failure(client.db('config').collection<Metadata>('chunks').deleteMany({}))).code).toBe(13);
    expect((await failure(client.db('local').collection('x').findOne())).code).toBe(20);
    expect((await failure(admin.command({ shutdown: 1 }))).code).toBe(115);
  });

  it('shows and ends what runs', async () => {
    const { inprog } = await admin.command({ currentOp: 1, $all: true });
    expect(new Set(inprog.map(({ shard }: Document) => shard))).toEqual(new Set(['shard1', 'shard2']));
    expect((await failure(admin.command({ killOp: 1, op: 5 }))).message).toContain('shardid:opid');
    expect((await admin.command({ killOp: 1, op: 'shard1:123456' })).ok).toBe(1);
  });

  it('adds and removes shards', async () => {
    const config = await failure(admin.command({ addShard: cluster.configdb }));
    expect(config.message).toContain('as a shard since it is a config server');
    const third = await cluster.startSet('shard3', 1);
    expect(await admin.command({ addShard: third })).toMatchObject({ shardAdded: 'shard3' });
    expect((await admin.command({ addShard: third })).ok).toBe(1);
    expect(await admin.command({ removeShard: 'shard3' })).toMatchObject({
      msg: 'draining started successfully',
    });
  });
});
