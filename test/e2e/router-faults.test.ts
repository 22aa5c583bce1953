import { once } from 'node:events';
import { connect } from 'node:net';
import { execa } from 'execa';
import { BSON, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../src/lab/local/programs/programs.js';
import {
  failure,
  type RouterCluster,
  routerIsUsedHere,
  startCluster,
  until,
} from './support/router-cluster.js';

const used = await routerIsUsedHere();

describe.skipIf(!used)('the router before there is a cluster', () => {
  let cluster: RouterCluster;

  beforeAll(async () => {
    cluster = await startCluster({ shards: {}, uninitiated: true });
  });

  afterAll(() => cluster?.stop());

  it('answers at once, waits for the config set, then for shards', async () => {
    const client = await cluster.client();
    const admin = client.db('admin');
    expect(await admin.command({ ping: 1 })).toMatchObject({ ok: 1 });
    const early = await failure(admin.command({ listShards: 1 }));
    expect(early).toMatchObject({
      code: 133,
      message: 'Could not find host matching read preference { mode: "primary" } for set configset',
    });

    const [config] = cluster.nodes;
    const direct = (await cluster.direct(config?.port as number)).db('admin');
    const members = [{ _id: 0, host: `127.0.0.1:${config?.port}` }];
    await direct.command({ replSetInitiate: { _id: 'configset', configsvr: true, members } });
    expect(await until('the config set', () => admin.command({ listShards: 1 }))).toMatchObject({
      shards: [],
    });

    const shop = client.db('shop');
    expect(await shop.collection('users').find().toArray()).toEqual([]);
    expect(await shop.collection('users').countDocuments()).toBe(0);
    expect(await shop.listCollections().toArray()).toEqual([]);
    const write = await failure(shop.collection('users').insertOne({ a: 1 }));
    expect(write).toMatchObject({ code: 70 });
    expect(write.message).toContain('No shards found');
    const enable = await failure(admin.command({ enableSharding: 'shop' }));
    expect(enable.code).toBe(70);
    await until(
      'its entry in config.mongos',
      async () => (await client.db('config').collection('mongos').countDocuments()) === 1,
    );
  });

  it('ends at once and well when told to', async () => {
    const started = Date.now();
    cluster.router.kill('SIGTERM');
    const [code] = await once(cluster.router, 'exit');
    expect(code).toBe(0);
    expect(Date.now() - started).toBeLessThan(1_000);
  });

  it('takes mongos’s arguments and refuses as mongos does', async () => {
    const { argsBefore } = await findProgram('mongos');
    const run = (...args: string[]) => execa(process.execPath, [...argsBefore, ...args], { reject: false });
    const noSet = await run('--configdb', 'cfg1:27017');
    expect(noSet).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('FailedToParse: invalid url [cfg1:27017]'),
    });
    const slash = await run('--configdb', '/cfg1:27017');
    expect(slash.stderr).toContain('BadValue: configdb supports only replica set connection string');
    const option = await run('--configdb', 'c/127.0.0.1:1', '--wiredTigerCacheSizeGB', '1');
    expect(option).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('unrecognised option') });
    const taken = await run('--configdb', 'c/127.0.0.1:1', '--port', String(cluster.nodes[0]?.port));
    expect(taken.exitCode).toBe(48);
  });
});

describe.skipIf(!used)('the router when servers fail', () => {
  let cluster: RouterCluster;

  beforeAll(async () => {
    cluster = await startCluster({ shards: { shard1: 3, shard2: 3 } });
    const client = await cluster.client();
    await client.db('admin').command({ shardCollection: 'shop.users', key: { uid: 'hashed' } });
    await client
      .db('shop')
      .collection('users')
      .insertMany(Array.from({ length: 200 }, (_, uid) => ({ uid })));
  });

  afterAll(() => cluster?.stop());

  const primaryOf = (set: string) =>
    until(`a primary of ${set}`, async () => {
      for (const node of cluster.nodes.filter(
        (one) => one.set === set && one.process.exitCode === null && one.process.signalCode === null,
      )) {
        const hello = await (await cluster.direct(node.port)).db('admin').command({ hello: 1 });
        if (hello.isWritablePrimary) return node;
      }
      return undefined;
    });

  it('goes on reading and writing after primaries step down', async () => {
    const client = await cluster.client({ retryReads: false, retryWrites: false });
    const users = client.db('shop').collection('users');
    for (const set of ['shard1', 'shard2', 'configset']) {
      const { port } = await primaryOf(set);
      const admin = (await cluster.direct(port)).db('admin');
      await admin.command({ replSetStepDown: 5, secondaryCatchUpPeriodSecs: 2, force: true });
      expect(await users.countDocuments()).toBe(200);
      expect((await users.updateOne({ uid: 5 }, { $set: { after: set } })).modifiedCount).toBe(1);
      expect((await client.db('shop').command({ count: 'users' })).n).toBe(200);
      expect(await users.findOneAndUpdate({ uid: 6 }, { $set: { after: set } })).toMatchObject({ uid: 6 });
      expect((await client.db('admin').command({ listShards: 1 })).shards).toHaveLength(2);
    }
  });

  it('goes on when a primary hangs, the coordinator among them', async () => {
    const client = await cluster.client({ retryReads: false, socketTimeoutMS: 20_000 });
    const users = client.db('shop').collection('users');
    for (const set of ['shard1', 'shard2']) {
      const victim = await primaryOf(set);
      victim.process.kill('SIGSTOP');
      try {
        await until(
          'reads',
          async () => (await users.countDocuments({}, { maxTimeMS: 3_000 })) === 200,
          60_000,
        );
      } finally {
        victim.process.kill('SIGCONT');
      }
      await until(
        'one primary again',
        async () => (await users.updateOne({ uid: 1 }, { $set: { hung: set } })).matchedCount === 1,
      );
    }
  });

  it('survives killed primaries, the coordinator among them', async () => {
    const client = await cluster.client({ retryReads: false, retryWrites: false });
    const users = client.db('shop').collection('users');
    for (const set of ['shard1', 'shard2']) {
      const cursor = users.find().batchSize(10);
      await cursor.next();
      const victim = await primaryOf(set);
      victim.process.kill('SIGKILL');
      await once(victim.process, 'exit');
      // A cursor over a dead server fails; it must not hang.
      await failure(cursor.toArray());
      await until('reads', async () => (await users.countDocuments()) === 200, 60_000);
      await until(
        'writes',
        async () => (await users.updateMany({}, { $set: { alive: set } })).modifiedCount >= 0,
        60_000,
      );
      expect(await users.countDocuments({ alive: set })).toBe(200);
    }
  });

  it('ends a read whose client has gone', async () => {
    const admin = (await cluster.client()).db('admin');
    const reads = async () =>
      (await admin.command({ currentOp: 1, $all: true })).inprog.filter(
        (operation: Document) => operation.command?.comment === 'nobody waits for this',
      );
    const gone = await cluster.client();
    const read = gone
      .db('shop')
      .collection('users')
      .findOne({ $where: 'sleep(60000) || true' }, { comment: 'nobody waits for this' });
    const outcome = failure(read);
    await until('the read', async () => (await reads()).length > 0);
    await gone.close(true);
    await outcome;
    await until('the end of the read', async () => (await reads()).length === 0, 10_000);
  });

  it('fetches no more for a client that does not read, and all of it once it does', async () => {
    const client = await cluster.client();
    const shop = client.db('shop');
    await shop
      .collection('large')
      .insertMany(
        Array.from({ length: 8 }, (_, _id) => ({ _id: _id as never, text: 'x'.repeat(1_000_000) })),
      );
    const sent = async () =>
      (await client.db('admin').command({ serverStatus: 1 })).network.bytesOut as number;
    const requests = 30;
    const before = await sent();

    const slow = connect({ host: '127.0.0.1', port: cluster.port });
    await once(slow, 'connect');
    const body = BSON.serialize({ find: 'large', $db: 'shop' });
    const head = Buffer.alloc(21);
    head.writeInt32LE(head.length + body.length, 0);
    head.writeInt32LE(2013, 12);
    for (let i = 0; i < requests; i++) slow.write(Buffer.concat([head, body]));
    // Meanwhile another client reads as much: time enough to fetch everything for the slow one too.
    for (let i = 0; i < requests; i++)
      expect(await shop.collection('large').find().toArray()).toHaveLength(8);
    expect((await sent()) - before).toBeLessThan((requests + 4) * 8_000_000);

    let taken = 0;
    for await (const chunk of slow) {
      taken += chunk.length;
      if (taken > requests * 8_000_000) break;
    }
    expect(taken).toBeGreaterThan(requests * 8_000_000);
    await shop.collection('large').drop();
  });

  it('lets a client that hangs or vanishes harm nobody else', async () => {
    const client = await cluster.client();
    const halfOpen = connect({ host: '127.0.0.1', port: cluster.port });
    await once(halfOpen, 'connect');
    halfOpen.write(Buffer.from([0x00, 0x6c, 0xdc, 0x02]));
    const noProtocol = connect({ host: '127.0.0.1', port: cluster.port });
    noProtocol.on('error', () => {});
    noProtocol.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(noProtocol, 'close');
    expect(await client.db('shop').collection('users').countDocuments()).toBe(200);
    halfOpen.destroy();
  });
});
