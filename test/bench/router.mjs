import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BSON, MongoClient } from 'mongodb';
import { findProgram } from '../../src/lab/local/programs.ts';

const rounds = 5;
const roundMs = 2_000;
const connections = 16;
const batch = 1_000;
const atLeast = 0.7;
const router = fileURLToPath(new URL('../../dist/src/router/main.js', import.meta.url));

/**
 * The throughput of commands sent through the router against the same cluster commands sent straight to a shard’s
 * mongod, in the same run, in turn; and how soon the router listens. Messages are encoded beforehand and sent
 * over bare sockets, so that what is measured is the servers.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[]>}
 */
export async function benchRouter() {
  const { version } = await findProgram('mongod');
  if (!version?.startsWith('6.0'))
    return [{ name: 'router (not used with this mongod)', value: 0, unit: '', ok: true }];
  const cluster = await startCluster();
  try {
    const finds = await compare(cluster, connections, (prefix) =>
      Array.from({ length: batch }, (_, uid) =>
        message({ ...named(prefix, 'find', 'users'), filter: { uid }, $db: 'bench' }),
      ),
    );
    const documents = Array.from({ length: batch }, (_, n) => ({ n, name: `user ${n}`, city: 'Lyon' }));
    const inserts = await compare(cluster, 1, (prefix) => [
      message({ ...named(prefix, 'insert', 'filled'), ordered: false, $db: 'bench' }, documents),
    ]);
    return [
      ...rows(`find by key, ${connections} connections`, finds, 1),
      ...rows(`insert of ${batch} documents`, inserts, batch),
      ...(await startRows()),
    ];
  } finally {
    await cluster.stop();
  }
}

/** How soon a router listens, against a Node that does nothing, in turn: an absolute bound would measure the machine. */
async function startRows() {
  const bare = [];
  const listening = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(
      await timed(async () => once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit')),
    );
    const port = await freePort();
    let child;
    listening.push(
      await timed(async () => {
        child = spawn(process.execPath, [router, '--configdb', 'none/127.0.0.1:1', '--port', `${port}`], {
          stdio: 'ignore',
        });
        while (!(await listens(port))) await delay(2);
      }),
    );
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  const ratio = median(listening) / median(bare);
  return [
    { name: 'router listens after', value: median(listening), unit: 'ms', ok: true },
    { name: 'router listens / node -e 0', value: ratio, unit: 'x', bound: 4, ok: ratio <= 4 },
  ];
}

async function timed(work) {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function rows(name, { direct, through }, factor) {
  const ratio = median(through.map((rate, round) => rate / direct[round]));
  return [
    { name: `${name}, straight to mongod`, value: median(direct) * factor, unit: '/s', ok: true },
    { name: `${name}, through the router`, value: median(through) * factor, unit: '/s', ok: true },
    { name: `${name}, router / mongod`, value: ratio, unit: 'x', bound: atLeast, ok: ratio >= atLeast },
  ];
}

/** `find` for the router, `clusterFind` for the mongod. */
function named(prefix, name, collection) {
  return { [prefix ? prefix + name[0].toUpperCase() + name.slice(1) : name]: collection };
}

async function compare({ coordinator, port }, lanes, messagesFor) {
  const [straight, routed] = [messagesFor('cluster'), messagesFor('')];
  const direct = [];
  const through = [];
  await measure(port, routed, lanes, roundMs / 4);
  for (let round = 0; round < rounds; round += 1) {
    direct.push(await measure(coordinator, straight, lanes, roundMs));
    through.push(await measure(port, routed, lanes, roundMs));
  }
  return { direct, through };
}

/** Messages answered in a second. */
async function measure(port, messages, lanes, milliseconds) {
  let answered = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true });
      await once(socket, 'connect');
      for (let next = lane * 61; performance.now() - begun < milliseconds; next += 1) {
        await exchange(socket, messages[next % messages.length]);
        answered += 1;
      }
      socket.destroy();
    }),
  );
  return (answered * 1000) / (performance.now() - begun);
}

function exchange(socket, bytes) {
  return new Promise((resolve, reject) => {
    let wanted = 0;
    let got = 0;
    const onData = (chunk) => {
      if (wanted === 0) {
        wanted = chunk.readInt32LE(0);
        // Byte 26 begins the reply's first field: an error's is `ok` with 0.
        if (chunk.toString('latin1', 26, 28) === 'ok' && chunk.readDoubleLE(29) === 0)
          reject(new Error(chunk.toString('latin1')));
      }
      got += chunk.length;
      if (got < wanted) return;
      socket.off('data', onData);
      resolve();
    };
    socket.on('data', onData);
    socket.write(bytes);
  });
}

/** An OP_MSG, with `documents` as a document sequence as drivers send them. */
function message(body, documents) {
  const parts = [Buffer.alloc(21), BSON.serialize(body)];
  if (documents) {
    const sequence = Buffer.concat([
      Buffer.from('documents\0'),
      ...documents.map((document) => BSON.serialize(document)),
    ]);
    const head = Buffer.alloc(5);
    head[0] = 1;
    head.writeInt32LE(sequence.length + 4, 1);
    parts.push(head, sequence);
  }
  const bytes = Buffer.concat(parts);
  bytes.writeInt32LE(bytes.length, 0);
  bytes.writeInt32LE(1, 4);
  bytes.writeInt32LE(2013, 12);
  return bytes;
}

async function startCluster() {
  const folder = await mkdtemp(join(tmpdir(), 'msc-bench-router-'));
  const processes = [];
  const stop = async () => {
    for (const child of processes) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const config = await startSet(folder, processes, 'configset', '--configsvr');
    const shards = [];
    for (const set of ['shard1', 'shard2']) shards.push(await startSet(folder, processes, set, '--shardsvr'));
    const port = await freePort();
    const child = spawn(
      process.execPath,
      [router, '--configdb', `configset/127.0.0.1:${config}`, '--port', String(port)],
      {
        stdio: 'ignore',
      },
    );
    processes.push(child);
    while (!(await listens(port))) await delay(2);
    const client = await MongoClient.connect(`mongodb://127.0.0.1:${port}/`);
    try {
      const admin = client.db('admin');
      for (const [at, shard] of shards.entries())
        await admin.command({ addShard: `shard${at + 1}/127.0.0.1:${shard}` });
      for (const name of ['users', 'filled'])
        await admin.command({ shardCollection: `bench.${name}`, key: { uid: 'hashed' } });
      await client
        .db('bench')
        .collection('users')
        .insertMany(Array.from({ length: batch }, (_, uid) => ({ uid })));
    } finally {
      await client.close();
    }
    return { port, coordinator: shards[0], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startSet(folder, processes, set, role) {
  const { file, argsBefore } = await findProgram('mongod');
  const port = await freePort();
  const dbpath = join(folder, set);
  mkdirSync(dbpath);
  const args = ['--dbpath', dbpath, '--port', `${port}`, '--bind_ip', '127.0.0.1', '--replSet', set, role];
  const child = spawn(file, [...argsBefore, ...args, '--wiredTigerCacheSizeGB', '0.25'], { stdio: 'ignore' });
  processes.push(child);
  const client = await MongoClient.connect(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  try {
    const admin = client.db('admin');
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    await admin.command(
      { replSetInitiate: { _id: set, configsvr: role === '--configsvr' || undefined, members } },
      { ignoreUndefined: true },
    );
    while (!(await admin.command({ hello: 1 })).isWritablePrimary) await delay(20);
  } finally {
    await client.close();
  }
  return port;
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, value, unit, bound, ok } of await benchRouter()) {
    console.log(
      `${ok ? 'ok  ' : 'FAIL'} ${name}: ${value.toFixed(2)} ${unit}${bound === undefined ? '' : ` (bound ${bound})`}`,
    );
  }
}
