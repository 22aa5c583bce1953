/**
 * Ten thousand messages that a broken or hostile client might send: real ones with bytes changed, with fields of
 * other commands, with internal commands and fields, and plain noise. No server may go down.
 */
import { connect, type Socket } from 'node:net';
import { BSON, type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, type RouterCluster, routerIsUsedHere, startCluster } from './support/router-cluster.js';

const used = await routerIsUsedHere();

const messages = 10_000;
const lanes = 8;
/** A message that gets no answer in this time is given up (mutated lengths make a server wait for more), in ms. */
const patience = 150;
const seed = Number(process.env.FUZZ_SEED ?? 20_261_120);

/** mulberry32: the same numbers from the same seed on every machine. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const session = { id: new BSON.UUID('5a1c0b8e-2f6d-4d54-9a37-51d3a5fbd2c1') };
const txn = { lsid: session, txnNumber: BSON.Long.fromNumber(1) };

/** Commands that are fine, and some that must not be let through, each with its database. */
const corpus: readonly (readonly [string, Document])[] = [
  ['shop', { find: 'users', filter: { uid: 3 }, lsid: session }],
  ['shop', { find: 'users', filter: { uid: { $gt: 3 } }, sort: { uid: 1 }, batchSize: 2 }],
  ['shop', { find: 'users', filter: {}, tailable: true, awaitData: true }],
  ['shop', { insert: 'fuzz', documents: [{ uid: 1, a: 'text' }], ...txn }],
  ['shop', { insert: 'fuzz', documents: [{ uid: 1 }], ...txn, startTransaction: true, autocommit: false }],
  [
    'shop',
    {
      update: 'users',
      updates: [{ q: { uid: 1 }, u: { $set: { x: 1 } }, upsert: true }],
      ...txn,
      stmtIds: [0],
    },
  ],
  ['shop', { update: 'users', updates: [{ q: { uid: 2 }, u: [{ $set: { x: 1 } }] }] }],
  ['shop', { delete: 'fuzz', deletes: [{ q: { uid: 5 }, limit: 1 }] }],
  ['shop', { findAndModify: 'users', query: { uid: 9 }, update: { $inc: { n: 1 } }, ...txn }],
  [
    'shop',
    {
      aggregate: 'users',
      pipeline: [{ $match: { uid: { $lt: 9 } } }, { $group: { _id: '$a', n: { $sum: 1 } } }],
      cursor: {},
    },
  ],
  ['shop', { aggregate: 'users', pipeline: [{ $changeStream: {} }], cursor: {} }],
  [
    'shop',
    {
      aggregate: 'users',
      pipeline: [{ $lookup: { from: 'users', pipeline: [{ $match: {} }, { $limit: 1 }], as: 'x' } }],
      cursor: {},
    },
  ],
  [
    'shop',
    { aggregate: 'users', pipeline: [{ $facet: { a: [{ $count: 'n' }] } }], cursor: { batchSize: 0 } },
  ],
  [
    'shop',
    { aggregate: 'users', pipeline: [{ $mergeCursors: {} }], cursor: {}, needsMerge: true, fromMongos: true },
  ],
  [
    'shop',
    { aggregate: 'users', pipeline: [{ $_internalInhibitOptimization: {} }, { $limit: 2 }], cursor: {} },
  ],
  ['admin', { aggregate: 1, pipeline: [{ $currentOp: { allUsers: true } }], cursor: {} }],
  ['shop', { getMore: BSON.Long.fromNumber(77), collection: 'users' }],
  ['shop', { killCursors: 'users', cursors: [BSON.Long.fromNumber(77)] }],
  ['shop', { explain: { find: 'users', filter: { uid: 1 } }, verbosity: 'queryPlanner' }],
  ['shop', { explain: { update: 'users', updates: [{ q: { uid: 1 }, u: { $set: { x: 1 } } }] } }],
  ['shop', { explain: { explain: { find: 'users' } } }],
  ['shop', { count: 'users', query: { uid: { $lt: 5 } } }],
  ['shop', { distinct: 'users', key: 'uid' }],
  ['shop', { createIndexes: 'users', indexes: [{ key: { a: 1 }, name: 'a_1' }] }],
  ['shop', { dropIndexes: 'users', index: 'a_1' }],
  ['shop', { create: 'made', capped: true, size: 4096 }],
  ['shop', { collMod: 'users', validationLevel: 'off' }],
  ['shop', { drop: 'made' }],
  ['shop', { listCollections: 1 }],
  ['shop', { listIndexes: 'users' }],
  ['shop', { collStats: 'users' }],
  ['shop', { dbStats: 1 }],
  ['shop', { validate: 'users' }],
  ['admin', { listDatabases: 1 }],
  ['admin', { shardCollection: 'shop.other', key: { k: 1 } }],
  ['admin', { shardCollection: 'shop.hashed', key: { k: 'hashed' }, numInitialChunks: 4 }],
  ['admin', { split: 'shop.users', find: { uid: 4 } }],
  ['admin', { split: 'shop.ranged', middle: { n: 5 } }],
  ['admin', { moveChunk: 'shop.ranged', find: { n: 5 }, to: 'shard2' }],
  ['admin', { moveRange: 'shop.ranged', min: { n: 5 }, toShard: 'shard1' }],
  ['admin', { mergeChunks: 'shop.ranged', bounds: [{ n: 1 }, { n: 9 }] }],
  ['admin', { addShardToZone: 'shard1', zone: 'EU' }],
  ['admin', { updateZoneKeyRange: 'shop.ranged', min: { n: 0 }, max: { n: 9 }, zone: 'EU' }],
  ['admin', { balancerStatus: 1 }],
  ['admin', { enableSharding: 'shop' }],
  ['admin', { movePrimary: 'shop', to: 'shard2' }],
  ['admin', { renameCollection: 'shop.made', to: 'shop.made2' }],
  ['admin', { hello: 1 }],
  ['admin', { serverStatus: 1 }],
  ['admin', { currentOp: 1 }],
  ['admin', { killOp: 1, op: 'shard1:5' }],
  ['config', { find: 'chunks', filter: {} }],
  [
    'config',
    {
      update: 'settings',
      updates: [{ q: { _id: 'balancer' }, u: { $set: { mode: 'full' } }, upsert: true }],
    },
  ],
  ['config', { delete: 'chunks', deletes: [{ q: {}, limit: 0 }] }],
  ['local', { find: 'oplog.rs', filter: {} }],
  ['admin', { _configsvrRemoveShard: 'shard1' }],
  ['shop', { clusterInsert: 'users', documents: [{ a: 1 }], ...txn }],
  ['admin', { _shardsvrDropDatabase: 1 }],
  ['admin', { setShardVersion: 'shop.users' }],
  ['admin', { coordinateCommitTransaction: 1, participants: [], ...txn, autocommit: false }],
  ['admin', { prepareTransaction: 1, ...txn, autocommit: false }],
  ['admin', { abortTransaction: 1, ...txn, autocommit: false }],
  ['shop', { find: 'users', readConcern: { level: 'snapshot' } }],
  [
    'shop',
    {
      find: 'users',
      readConcern: { level: 'majority', afterClusterTime: new BSON.Timestamp({ t: 1, i: 1 }) },
    },
  ],
  ['shop', { find: 'users', $readPreference: { mode: 'secondaryPreferred', tags: [{ dc: 'x' }] } }],
];

const alien: readonly Document[] = [
  { txnNumber: BSON.Long.fromNumber(3) },
  { lsid: { id: new BSON.UUID(), txnNumber: BSON.Long.fromNumber(1), txnUUID: new BSON.UUID() } },
  { lsid: { ...session, uid: new BSON.Binary(new Uint8Array(32)) } },
  { startTransaction: true, autocommit: false, txnNumber: BSON.Long.fromNumber(9) },
  {
    shardVersion: {
      t: new BSON.Timestamp({ t: 9, i: 9 }),
      e: new BSON.ObjectId(),
      v: new BSON.Timestamp({ t: 9, i: 9 }),
    },
  },
  { databaseVersion: { uuid: new BSON.UUID(), lastMod: 1 } },
  { runtimeConstants: { localNow: new Date(), clusterTime: new BSON.Timestamp({ t: 1, i: 1 }) } },
  { tailable: true, awaitData: true },
  { needsMerge: true, fromMongos: true },
  { exchange: { policy: 'roundrobin', consumers: 2 } },
  { readConcern: { level: 'snapshot', atClusterTime: new BSON.Timestamp({ t: 5, i: 1 }) } },
  { writeConcern: { w: 0 } },
  { writeConcern: { w: 7, wtimeout: 20 } },
  { maxTimeMS: 1 },
  { $configTime: new BSON.Timestamp({ t: 9_999_999, i: 1 }) },
  { $clusterTime: { clusterTime: new BSON.Timestamp({ t: 1, i: 1 }) } },
  { mayBypassWriteBlocking: true },
  { maxTimeMSOpOnly: 5 },
  { apiVersion: '1', apiStrict: true },
  { collation: { locale: 'fr', strength: 1 } },
  { comment: { deep: [[[[[[]]]]]] } },
  { let: { a: 1 } },
  { hint: { nothing: 1 } },
  { collectionUUID: new BSON.UUID() },
];

const oddValues: readonly unknown[] = [
  null,
  '',
  '$cmd',
  'system.views',
  -1,
  0,
  1e300,
  Number.NaN,
  BSON.Long.MIN_VALUE,
  BSON.Long.MAX_VALUE,
  new BSON.MinKey(),
  new BSON.MaxKey(),
  new BSON.UUID(),
  [],
  {},
  [[[]]],
  { $gt: 1 },
  'x'.repeat(300),
  new BSON.Decimal128('NaN'),
  /a+/,
  true,
];

describe.skipIf(!used)('the router under fuzz', () => {
  let cluster: RouterCluster;

  beforeAll(async () => {
    cluster = await startCluster({ shards: { shard1: 1, shard2: 1 } });
    const client = await cluster.client();
    const admin = client.db('admin');
    await admin.command({ shardCollection: 'shop.users', key: { uid: 'hashed' } });
    await admin.command({ shardCollection: 'shop.ranged', key: { n: 1 } });
    await client
      .db('shop')
      .collection('users')
      .insertMany(Array.from({ length: 50 }, (_, uid) => ({ uid })));
    await client
      .db('shop')
      .collection('ranged')
      .insertMany(Array.from({ length: 50 }, (_, n) => ({ n })));
  });

  afterAll(() => cluster?.stop());

  it(`stays up, and every mongod with it, through ${messages} messages (FUZZ_SEED=${seed})`, async () => {
    const pids = [cluster.router, ...cluster.nodes.map(({ process }) => process)];
    const random = randomFrom(seed);
    const queue = Array.from({ length: messages }, () => mutant(random));
    const outcomes = { answered: 0, closed: 0, silent: 0 };
    const hung: string[] = [];
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        let socket: Socket | undefined;
        for (let bytes = queue.pop(); bytes; bytes = queue.pop()) {
          if (!socket || socket.destroyed) socket = connect({ host: '127.0.0.1', port: cluster.port });
          const outcome = await exchange(socket, bytes);
          outcomes[outcome]++;
          if (outcome === 'silent' && expectsAnswer(bytes)) hung.push(bytes.toString('base64'));
          if (outcome !== 'answered') socket.destroy();
          const dead = pids.find((one) => !isAlive(one));
          if (dead) throw new Error(`${dead.spawnfile} is down after ${bytes.toString('base64')}`);
        }
        socket?.destroy();
      }),
    );
    expect(outcomes.answered + outcomes.closed + outcomes.silent).toBe(messages);
    // Most are well-formed enough to be answered: the fuzz reaches past the framing.
    expect(outcomes.answered).toBeGreaterThan(messages / 2);
    expect(hung).toEqual([]);
    expect(pids.every(isAlive)).toBe(true);

    const client = new MongoClient(cluster.uri, { serverSelectionTimeoutMS: 5_000 });
    try {
      const after = client.db('after').collection('fuzz');
      await after.insertMany(Array.from({ length: 100 }, (_, n) => ({ n })));
      expect(await after.countDocuments({ n: { $lt: 40 } })).toBe(40);
      expect((await client.db('shop').collection('users').find().toArray()).length).toBeGreaterThan(0);
    } finally {
      await client.close();
    }
  }, 150_000);
});

function mutant(random: () => number): Buffer {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const [database, original] = pick(corpus);
  const command: Document = { ...original, $db: database };
  const kind = random();
  if (kind < 0.25) Object.assign(command, pick(alien));
  else if (kind < 0.45) command[pick(Object.keys(command))] = pick(oddValues);
  else if (kind < 0.5) Object.assign(command, pick(corpus)[1]);
  else if (kind < 0.55) command[Object.keys(original)[0] as string] = pick(oddValues);
  const message = encode(command, random() < 0.1);
  if (kind < 0.6) return message;
  if (kind < 0.63)
    return Buffer.from(Array.from({ length: Math.floor(random() * 200) + 1 }, () => random() * 256));
  if (kind < 0.65) return nested(Math.floor(random() * 400) + 1);
  // Change a few bytes; mostly behind the header, so that the framing still holds.
  const from = random() < 0.9 ? 16 : 0;
  for (let n = Math.ceil(random() * 4); n > 0; n--) {
    const at = from + Math.floor(random() * (message.length - from));
    message[at] =
      random() < 0.5 ? Math.floor(random() * 256) : (message[at] as number) ^ (1 << Math.floor(random() * 8));
  }
  return message;
}

/** An OP_MSG; with `sequences`, the command's arrays of documents as document sequences. */
function encode(command: Document, sequences: boolean): Buffer {
  const body: Document = {};
  const sections: Buffer[] = [];
  for (const [name, value] of Object.entries(command)) {
    if (!sequences || !Array.isArray(value) || !value.every((one) => one?.constructor === Object)) {
      body[name] = value;
      continue;
    }
    const documents = Buffer.concat([Buffer.from(`${name}\0`), ...value.map((one) => BSON.serialize(one))]);
    const head = Buffer.alloc(5);
    head[0] = 1;
    head.writeInt32LE(documents.length + 4, 1);
    sections.push(head, documents);
  }
  const payload = Buffer.concat([Buffer.from([0]), BSON.serialize(body), ...sections]);
  const header = Buffer.alloc(20);
  header.writeInt32LE(payload.length + 20, 0);
  header.writeInt32LE(1, 4);
  header.writeInt32LE(2013, 12);
  return Buffer.concat([header, payload]);
}

function nested(depth: number): Buffer {
  let filter: Document = { uid: 1 };
  for (let level = 0; level < depth; level++) filter = level % 2 ? { $and: [filter] } : { a: filter };
  return encode({ find: 'users', filter, $db: 'shop' }, false);
}

function exchange(socket: Socket, bytes: Buffer): Promise<'answered' | 'closed' | 'silent'> {
  return new Promise((resolve) => {
    let wanted = 0;
    let got = 0;
    const settle = (outcome: 'answered' | 'closed' | 'silent') => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => {});
      resolve(outcome);
    };
    const timer = setTimeout(() => settle('silent'), expectsAnswer(bytes) ? 30_000 : patience);
    socket.on('data', (chunk: Buffer) => {
      if (wanted === 0) wanted = chunk.readInt32LE(0);
      got += chunk.length;
      if (got >= wanted) settle('answered');
    });
    socket.on('error', () => settle('closed'));
    socket.on('close', () => settle('closed'));
    socket.write(bytes);
  });
}

/** Whether the framing is whole and no flag says that no answer is wanted: then there must be one, in time. */
function expectsAnswer(bytes: Buffer): boolean {
  return bytes.length >= 20 && bytes.readInt32LE(0) === bytes.length && (bytes.readUInt32LE(16) & 2) === 0;
}
