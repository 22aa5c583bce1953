import { once } from 'node:events';
import { type Document, type MongoClient, ReadPreference } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  isAlive,
  type Node,
  type RouterCluster,
  routerIsUsedHere,
  startCluster,
  until,
} from './support/router-cluster.js';

const used = await routerIsUsedHere();
const users = 200;

describe.skipIf(!used)('the router over replica sets of three', () => {
  let cluster: RouterCluster;
  let client: MongoClient;
  let other: MongoClient;

  beforeAll(async () => {
    cluster = await startCluster({ configServers: 3, shards: { shard1: 3, shard2: 3 } });
    client = await cluster.client({ retryReads: false, retryWrites: false });
    other = await cluster.client({ retryReads: false, retryWrites: false }, await cluster.startRouter());
    await client.db('admin').command({ shardCollection: 'shop.users', key: { uid: 'hashed' } });
    await client
      .db('shop')
      .collection('users')
      .insertMany(
        Array.from({ length: users }, (_, uid) => ({ uid })),
        { writeConcern: { w: 3 } },
      );
  });

  afterAll(() => cluster?.stop());

  const membersOf = (set: string): Node[] =>
    cluster.nodes.filter((node) => node.set === set && isAlive(node.process));
  const admin = async (node: Node) => (await cluster.direct(node.port)).db('admin');
  const roles = async (set: string) => {
    const hellos = await Promise.all(
      membersOf(set).map(async (node) => ({ node, hello: await (await admin(node)).command({ hello: 1 }) })),
    );
    return {
      primary: hellos.find(({ hello }) => hello.isWritablePrimary)?.node,
      secondaries: hellos.filter(({ hello }) => hello.secondary).map(({ node }) => node),
    };
  };
  const whole = (set: string) =>
    until(`${set} with a primary and two secondaries`, async () => {
      const { primary, secondaries } = await roles(set);
      return primary && secondaries.length === 2 && { primary, secondaries };
    });
  const kill = async (node: Node) => {
    node.process.kill('SIGKILL');
    await once(node.process, 'exit');
  };
  const shardHosts = async (): Promise<Document> =>
    Object.fromEntries(
      (await client.db('admin').command({ listShards: 1 })).shards.map(({ _id, host }: Document) => [
        _id,
        host.split('/')[1].split(','),
      ]),
    );

  it('is one of two in config.mongos', async () => {
    await until(
      'both entries',
      async () => (await other.db('config').collection('mongos').countDocuments()) === 2,
    );
  });

  it('sends reads to secondaries where that is asked for', async () => {
    const sets = await Promise.all(['shard1', 'shard2'].map(whole));
    /** Documents that a node has returned to anyone: what only coordinates returns none. */
    const served = async (node: Node) =>
      Number((await (await admin(node)).command({ serverStatus: 1 })).metrics.queryExecutor.scannedObjects);
    const sum = async (nodes: readonly Node[]) =>
      (await Promise.all(nodes.map(served))).reduce((total, one) => total + one, 0);
    const primaries = sets.map(({ primary }) => primary);
    const secondaries = sets.flatMap((set) => set.secondaries);

    const readAll = async (readPreference: ReadPreference) => {
      const collection = client.db('shop').collection('users', { readPreference });
      expect(await collection.find().batchSize(30).toArray()).toHaveLength(users);
      expect(await collection.aggregate([{ $match: { uid: { $gte: 0 } } }]).toArray()).toHaveLength(users);
      expect(await collection.distinct('uid')).toHaveLength(users);
      const counted = { count: 'users', query: { uid: { $gte: 0 } } };
      expect((await client.db('shop').command(counted, { readPreference })).n).toBe(users);
      const plan = await collection.find({ uid: 7 }).explain();
      const [{ serverInfo }] = plan.queryPlanner.winningPlan.shards;
      return Number(serverInfo.port);
    };
    for (const [preference, used, unused] of [
      [ReadPreference.SECONDARY, secondaries, primaries],
      [ReadPreference.PRIMARY, primaries, secondaries],
    ] as const) {
      const before = await Promise.all([sum(used), sum(unused)]);
      const explainedBy = await readAll(new ReadPreference(preference));
      expect(used.map(({ port }) => port)).toContain(explainedBy);
      const after = await Promise.all([sum(used), sum(unused)]);
      expect((after[0] as number) - (before[0] as number)).toBeGreaterThanOrEqual(4 * users);
      // The servers read something for themselves now and then; less than one round.
      expect((after[1] as number) - (before[1] as number)).toBeLessThan(users);
    }
  });

  it('knows through one router what was moved through the other', async () => {
    const shop = other.db('shop');
    const hash = shop.collection('users').find({ uid: 7 });
    const shardOf = async () => (await hash.explain()).queryPlanner.winningPlan.shards[0].shardName as string;
    const from = await shardOf();
    const counted = { count: 'users', query: { uid: { $gte: 0 } } };
    expect((await shop.command(counted)).n).toBe(users);
    const to = from === 'shard1' ? 'shard2' : 'shard1';
    await client.db('admin').command({ moveChunk: 'shop.users', find: { uid: 7 }, to });

    expect(await shopUser(other, 7)).toMatchObject({ uid: 7 });
    expect((await shop.command(counted)).n).toBe(users);
    const updated = await shop.collection('users').updateOne({ uid: 7 }, { $set: { moved: true } });
    expect(updated.modifiedCount).toBe(1);
    const found = await shop
      .collection('users')
      .findOneAndUpdate({ uid: 7 }, { $set: { seen: true } }, { returnDocument: 'after' });
    expect(found).toMatchObject({ moved: true, seen: true });
    expect(await shardOf()).toBe(to);
  });

  it('passes on that a write has not reached as many as asked, and that it was done', async () => {
    const { secondaries } = await whole('shard1');
    const victim = secondaries[0] as Node;
    await kill(victim);
    const uid = await uidOn('shard1');
    const concern = { w: 3, wtimeout: 500 };
    // The driver throws what tells of a write concern, and has the reply in the error.
    const reply = (command: Document): Promise<Document> =>
      client
        .db('shop')
        .command(command)
        .catch((error) => error.result);
    const written = await reply({
      update: 'users',
      updates: [{ q: { uid }, u: { $set: { written: 'by update' } } }],
      writeConcern: concern,
    });
    expect(written).toMatchObject({
      ok: 1,
      nModified: 1,
      writeConcernError: { code: 64, codeName: 'WriteConcernFailed' },
    });
    expect(await shopUser(client, uid)).toMatchObject({ written: 'by update' });
    const modified = await reply({
      findAndModify: 'users',
      query: { uid },
      update: { $set: { written: 'by findAndModify' } },
      writeConcern: concern,
    });
    expect(modified).toMatchObject({ ok: 1, writeConcernError: { code: 64 } });
    expect(await shopUser(client, uid)).toMatchObject({ written: 'by findAndModify' });
    cluster.restart(victim);
    await whole('shard1');
  });

  it('finds the new primary of a shard that was killed, and says at once what is tried meanwhile', async () => {
    const { primary } = await whole('shard2');
    const uid = await uidOn('shard2');
    await kill(primary);
    const attempts: { ms: number; error?: Document }[] = [];
    await until('a write', async () => {
      const begun = Date.now();
      const error = await client
        .db('shop')
        .collection('users')
        .updateOne({ uid }, { $inc: { tries: 1 } })
        .then(
          () => undefined,
          (cause: Document) => cause,
        );
      attempts.push({ ms: Date.now() - begun, ...(error ? { error } : {}) });
      return error === undefined;
    });
    // None waits for longer than an election takes; each error is one of those after which one tries again.
    expect(Math.max(...attempts.map(({ ms }) => ms))).toBeLessThan(20_000);
    expect(
      attempts.flatMap(({ error }) => (error ? [error.code] : [])).filter((code) => !retryable.has(code)),
    ).toEqual([]);
    expect(await shopUser(other, uid)).toMatchObject({ tries: expect.any(Number) });
    cluster.restart(primary);
    await whole('shard2');
  });

  it('goes on when the config servers elect another primary, or lose one', async () => {
    const { primary } = await whole('configset');
    await (await admin(primary)).command({
      replSetStepDown: 10,
      secondaryCatchUpPeriodSecs: 5,
      force: true,
    });
    await until('shards through both', async () => {
      const seen = await Promise.all(
        [client, other].map(async (one) => (await one.db('admin').command({ listShards: 1 })).shards.length),
      );
      return seen.every((count) => count === 2);
    });
    const next = await whole('configset');
    await kill(next.primary);
    await until('a sharded collection', () =>
      client.db('admin').command({ shardCollection: 'shop.carts', key: { uid: 1 } }),
    );
    expect((await other.db('shop').collection('carts').insertOne({ uid: 1 })).acknowledged).toBe(true);
    cluster.restart(next.primary);
    await whole('configset');
  });

  it('writes into config.shards who joins a shard and who leaves it', async () => {
    const { primary, secondaries } = await whole('shard1');
    const config = await admin(primary);
    const leaving = `127.0.0.1:${(secondaries[0] as Node).port}`;
    const change = async (edit: (members: Document[]) => Document[]) => {
      const { config: current } = await config.command({ replSetGetConfig: 1 });
      await config.command({
        replSetReconfig: { ...current, version: current.version + 1, members: edit(current.members) },
      });
    };
    const removed: Document[] = [];
    await change((members) => {
      removed.push(...members.filter(({ host }) => host === leaving));
      return members.filter(({ host }) => host !== leaving);
    });
    await until('it has left', async () => (await shardHosts()).shard1.length === 2);
    expect((await shardHosts()).shard1).not.toContain(leaving);
    await change((members) => [...members, ...removed]);
    await until('it has joined', async () => (await shardHosts()).shard1.includes(leaving));
    await whole('shard1');
  });

  it('starts with three config servers named while the set has one, and stays when that one goes', async () => {
    const folder = await cluster.startSet('cfg', 1, '--configsvr');
    const more = await cluster.startSet('cfg', 2, '--configsvr', false);
    const hosts = [folder, more].flatMap((set) => (set.split('/')[1] as string).split(','));
    const through = await cluster.client(
      { retryReads: false },
      await cluster.startRouter(`cfg/${hosts.join(',')}`),
    );
    const listed = async () => (await through.db('admin').command({ listShards: 1 })).shards;
    await until('its one config server', async () => (await listed()).length === 0);

    const [first] = cluster.nodes.filter(({ set }) => set === 'cfg') as [Node];
    const config = await admin(first);
    for (const [at, host] of hosts.slice(1).entries()) {
      await until(`${host} as a member`, async () => {
        const { config: current } = await config.command({ replSetGetConfig: 1 });
        const members = [...current.members, { _id: at + 1, host }];
        await config.command({ replSetReconfig: { ...current, version: current.version + 1, members } });
        return true;
      });
      // New members have no vote before they have the data.
      await until(
        `${host} with a vote`,
        async () => (await config.command({ replSetGetStatus: 1 })).votingMembersCount === at + 2,
      );
    }
    await kill(first);
    await until('another config server', async () => (await listed()).length === 0);
  });

  /** Codes that drivers try a write again after (specification "Retryable Writes"). */
  const retryable = new Set([6, 7, 89, 91, 133, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

  const shopUser = (through: MongoClient, uid: number) =>
    through.db('shop').collection('users').findOne({ uid });

  /** A user that this shard has. */
  const uidOn = async (shard: string): Promise<number> => {
    for (let uid = 0; uid < users; uid += 1) {
      const plan = await client.db('shop').collection('users').find({ uid }).explain();
      if (plan.queryPlanner.winningPlan.shards[0].shardName === shard) return uid;
    }
    throw new Error(`${shard} has no user`);
  };
});
