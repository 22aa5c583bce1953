import { execa } from 'execa';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../src/lab/local/programs/programs.js';
import {
  failure,
  type Node,
  type RouterCluster,
  routerIsUsedHere,
  startCluster,
  until,
} from './support/router-cluster.js';

// What is tested here takes as long as the router waits for a server that says nothing, so it is waited for side by side.

const used = await routerIsUsedHere();

/** A server that says nothing is given up after 8 s, and one operation may meet it twice (measured: 9 to 13 s). */
const soonMs = 20_000;

/** How a promise failed, and after how many ms. */
async function failsWithin(what: () => Promise<unknown>): Promise<{ error: Document; ms: number }> {
  const started = Date.now();
  const error = await failure(what());
  return { error, ms: Date.now() - started };
}

/** Runs `work` while a server is stopped. */
async function paused(node: Node, work: () => Promise<void>): Promise<void> {
  node.process.kill('SIGSTOP');
  try {
    await work();
  } finally {
    node.process.kill('SIGCONT');
  }
}

/** A cluster of two shards with a sharded collection, and a document's `uid` on each shard. */
interface Filled {
  readonly cluster: RouterCluster;
  readonly uidOn: Readonly<Record<string, number>>;
}

async function startFilled(): Promise<Filled> {
  const cluster = await startCluster({ shards: { shard1: 1, shard2: 1 } });
  const uidOn: Record<string, number> = {};
  const client = await cluster.client();
  await client.db('admin').command({ shardCollection: 'shop.users', key: { uid: 'hashed' } });
  const users = client.db('shop').collection('users');
  await users.insertMany(Array.from({ length: 50 }, (_, uid) => ({ uid })));
  for (let uid = 0; Object.keys(uidOn).length < 2; uid++) {
    const plan = await users.find({ uid }).explain('queryPlanner');
    uidOn[plan.queryPlanner.winningPlan.shards[0].shardName] ??= uid;
  }
  return { cluster, uidOn };
}

describe.skipIf(!used).concurrent('the router and servers that say nothing', () => {
  let named: RouterCluster;
  const filled: Record<string, Filled> = {};

  beforeAll(async () => {
    const open = async (set: string): Promise<void> => {
      filled[set] = await startFilled();
    };
    const openNamed = async (): Promise<void> => {
      named = await startCluster({ shards: {} });
    };
    await Promise.all([open('shard1'), open('shard2'), openNamed()]);
  });

  afterAll(() => Promise.all([named?.stop(), ...Object.values(filled).map(({ cluster }) => cluster.stop())]));

  it('goes on trying with a wrong name of the config set, answers with that name, and logs the right one', async () => {
    const { argsBefore } = await findProgram('mongos');
    const port = named.freePort();
    const configdb = named.configdb.replace('configset/', 'cfgset/');
    const router = execa(process.execPath, [...argsBefore, '--configdb', configdb, '--port', String(port)], {
      reject: false,
    });
    try {
      await until('the router', async () => (await named.direct(port)).db('admin').command({ ping: 1 }));
      const admin = (await named.direct(port)).db('admin');
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

  it('refuses a shard whose server is not there', async () => {
    const client = await named.client();
    expect(await failure(client.db('admin').command({ addShard: 'shard9/127.0.0.1:1' }))).toMatchObject({
      code: 133,
      message: expect.stringContaining(
        'Could not find host matching read preference { mode: "primary" } for set shard9',
      ),
    });
  });

  it.each(['shard1', 'shard2'])(
    'answers soon, with an error that names %s, while its only member is paused',
    async (set) => {
      const { cluster, uidOn } = filled[set] as Filled;
      const node = cluster.nodes.find((one) => one.set === set) as Node;
      const client = await cluster.client({ retryReads: false, retryWrites: false });
      const users = client.db('shop').collection('users');
      const other = set === 'shard1' ? 'shard2' : 'shard1';
      const cursor = users.find().batchSize(2);
      await cursor.next();

      await paused(node, async () => {
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
        expect(again.error.message).toContain(`shard ${set}: 127.0.0.1:${node.port} takes connections`);
        expect(again.ms).toBeLessThan(soonMs / 2);
        expect(await users.findOne({ uid: uidOn[other] })).toMatchObject({ uid: uidOn[other] });
        expect(await long).toMatchObject({ uid: uidOn[other] });
      });

      await until(
        'the shard again',
        async () => (await users.findOne({ uid: uidOn[set] })) !== null,
        soonMs / 2,
      );
    },
  );
});
