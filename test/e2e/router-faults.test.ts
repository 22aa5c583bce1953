import { once } from 'node:events';
import { connect } from 'node:net';
import { execa } from 'execa';
import { BSON, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../src/lab/local/programs.js';
import { type RouterCluster, routerIsUsedHere, startCluster, until } from './support/router-cluster.js';

const used = await routerIsUsedHere();

/** A server that says nothing is given up after 8 s, and one operation may meet it twice (measured: 9 to 13 s). */
const soonMs = 20_000;

const failure = (promise: Promise<unknown>): Promise<Document> =>
  promise.then(
    () => {
      throw new Error('it should have failed');
    },
    (error) => error,
  );

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

describe.skipIf(!used)('a router told a wrong name of the config set', () => {
  let cluster: RouterCluster;

  beforeAll(async () => {
    cluster = await startCluster({ shards: {} });
  });

  afterAll(() => cluster?.stop());

  it('goes on trying, answers with that name, and logs which name is right', async () => {
    const { argsBefore } = await findProgram('mongos');
    const port = cluster.freePort();
    const configdb = cluster.configdb.replace('configset/', 'cfgset/');
    const router = execa(process.execPath, [...argsBefore, '--configdb', configdb, '--port', String(port)], {
      reject: false,
    });
    try {
      await until('the router', async () => (await cluster.direct(port)).db('admin').command({ ping: 1 }));
      const admin = (await cluster.direct(port)).db('admin');
      expect(await failure(admin.command({ listShards: 1 }))).toMatchObject({
        code: 133,
        message: 'Could not find host matching read preference { mode: "primary" } for set cfgset',
      });
      expect(await admin.command({ ping: 1 })).toMatchObject({ ok: 1 });
    } finally {
      router.kill('SIGTERM');
    }
    const told = (await router).stdout.split('\n').filter((line) => line.includes('belongs to set'));
    // Once, however often it looks.
    expect(told).toEqual([
      expect.stringContaining(`${configdb.split('/')[1]} belongs to set configset, not to cfgset`),
    ]);
  });
});

describe.skipIf(!used)('the router when the only member of a shard is paused', () => {
  let cluster: RouterCluster;
  /** A document's `uid` on each shard. */
  const uidOn: Record<string, number> = {};

  beforeAll(async () => {
    cluster = await startCluster({ shards: { shard1: 1, shard2: 1 } });
    const client = await cluster.client();
    await client.db('admin').command({ shardCollection: 'shop.users', key: { uid: 'hashed' } });
    const users = client.db('shop').collection('users');
    await users.insertMany(Array.from({ length: 50 }, (_, uid) => ({ uid })));
    for (let uid = 0; Object.keys(uidOn).length < 2; uid++) {
      const plan = await users.find({ uid }).explain('queryPlanner');
      uidOn[plan.queryPlanner.winningPlan.shards[0].shardName] ??= uid;
    }
  });

  afterAll(() => cluster?.stop());

  const node = (set: string) => {
    const found = cluster.nodes.find((one) => one.set === set);
    if (!found) throw new Error(`no node of ${set}`);
    return found;
  };

  /** Runs `work` while a set's only member is stopped. */
  const paused = async (set: string, work: () => Promise<void>): Promise<void> => {
    node(set).process.kill('SIGSTOP');
    try {
      await work();
    } finally {
      node(set).process.kill('SIGCONT');
    }
  };

  /** How a promise failed, and after how many ms. */
  const failsWithin = async (what: () => Promise<unknown>): Promise<{ error: Document; ms: number }> => {
    const started = Date.now();
    const error = await failure(what());
    return { error, ms: Date.now() - started };
  };

  it.each(['shard1', 'shard2'])('answers soon, with an error that names %s', async (set) => {
    const client = await cluster.client({ retryReads: false, retryWrites: false });
    const users = client.db('shop').collection('users');
    const other = set === 'shard1' ? 'shard2' : 'shard1';
    const cursor = users.find().batchSize(2);
    await cursor.next();

    await paused(set, async () => {
      const waiting = {
        find: () => users.findOne({ uid: uidOn[set] }),
        scan: () => users.find({ nothing: 1 }).toArray(),
        getMore: () => cursor.toArray(),
        aggregate: () => users.aggregate([{ $group: { _id: null, n: { $sum: '$uid' } } }]).toArray(),
        explain: () => users.find().explain(),
        count: () => users.estimatedDocumentCount(),
        distinct: () => users.distinct('uid'),
        insert: () => users.insertMany(Array.from({ length: 20 }, (_, i) => ({ uid: 1000 + i }))),
        update: () => users.updateMany({}, { $set: { seen: true } }),
        findAndModify: () => users.findOneAndUpdate({ uid: uidOn[set] }, { $set: { seen: true } }),
      };
      // Work on the healthy shard goes on, though it takes longer than any wait for the other one.
      const long = users.findOne({ uid: uidOn[other], $where: 'sleep(15000) || true' });
      await Promise.all(
        Object.entries(waiting).map(async ([name, work]) => {
          const { error, ms } = await failsWithin(work);
          expect([name, error.code, error.message]).toEqual([
            name,
            expect.toSatisfy((code) => code === 6 || code === 89),
            expect.stringMatching(new RegExp(`\\b${set}\\b.*\\(is it paused\\?\\)`)),
          ]);
          expect([name, ms < soonMs]).toEqual([name, true]);
        }),
      );
      // By now it is known: nobody waits so long again.
      const again = await failsWithin(() => users.findOne({ uid: uidOn[set] }));
      expect(again.error.message).toContain(`shard ${set}: 127.0.0.1:${node(set).port} takes connections`);
      expect(again.ms).toBeLessThan(soonMs / 2);
      expect(await users.findOne({ uid: uidOn[other] })).toMatchObject({ uid: uidOn[other] });
      expect(await long).toMatchObject({ uid: uidOn[other] });
    });

    await until(
      'the shard again',
      async () => (await users.findOne({ uid: uidOn[set] })) !== null,
      soonMs / 2,
    );
  });
});
