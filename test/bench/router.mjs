import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { findProgram } from '../../src/lab/local/programs/programs.ts';
import { inFolder } from './cluster.mjs';
import { atLeast, atMost, median, pairedRatio, percentile, plain, timed } from './figures.mjs';
import { router } from './program.mjs';
import { freePort, listens, startCluster } from './router-cluster.mjs';

const rounds = 5;
const roundMs = 800;
const documents = 1_000;

/**
 * By the number of connections: what each kind of request must reach of a plain mongod's throughput, and how much
 * longer 95 % of them may take. A third of what was measured is left for the noise of a shared machine.
 */
const bounds = {
  find: { 1: [0.45, 2.1], 16: [0.45, 2.1], 64: [0.45, 2.1] },
  insert: { 1: [0.35, 1.9], 16: [0.35, 1.9], 64: [0.35, 1.9] },
  scatter: { 1: [0.25, 2.6], 16: [0.25, 2.6], 64: [0.25, 2.6] },
};

/** One request of each kind; `scatter` does not know the shard key, so both shards are asked. */
const requests = {
  find: (db, n) => db.collection('users').findOne({ uid: n % documents }),
  insert: (db, n) => db.collection('filled').insertOne({ uid: n, name: `user ${n}`, city: 'Lyon' }),
  scatter: (db, n) => db.collection('users').findOne({ number: n % documents }),
};

/**
 * Requests of a driver through the router to two shards, against the same driver on one plain mongod with the same
 * data, in turn; and how soon the router listens.
 * @returns {Promise<import('./figures.mjs').Figure[] | string>}
 */
export async function benchRouter() {
  const { version } = await findProgram('mongod');
  if (!version?.startsWith('6.0')) return `the course router is not used with mongod ${version}`;
  const rows = await inFolder(async (folder) => {
    const cluster = await startCluster(folder);
    try {
      for (const port of [cluster.plain, cluster.router]) await fill(port);
      return await requestRows(cluster);
    } finally {
      await cluster.stop();
    }
  });
  return [...rows, ...(await startRows())];
}

async function fill(port) {
  const client = await MongoClient.connect(`mongodb://127.0.0.1:${port}/`);
  try {
    const users = client.db('bench').collection('users');
    await users.insertMany(Array.from({ length: documents }, (_, n) => ({ uid: n, number: n })));
    for (const field of ['uid', 'number']) await users.createIndex({ [field]: 1 });
  } finally {
    await client.close();
  }
}

async function requestRows(cluster) {
  const rows = [];
  for (const [kind, byConnections] of Object.entries(bounds)) {
    for (const [connections, [share, slower]] of Object.entries(byConnections)) {
      const measured = { plain: [], router: [] };
      for (let round = -1; round < rounds; round += 1) {
        for (const [name, kept] of Object.entries(measured)) {
          const figures = await measure(cluster[name], requests[kind], Number(connections));
          // The first round opens what the servers open for their first requests.
          if (round >= 0) kept.push(figures);
        }
      }
      const of = (name, figure) => measured[name].map((round) => round[figure]);
      const title = `${kind}, ${connections} connection${connections === '1' ? '' : 's'}`;
      rows.push(
        plain(`${title}: through the router`, median(of('router', 'rate')), '/s'),
        atLeast(
          share,
          `${title}: router / mongod`,
          pairedRatio(of('router', 'rate'), of('plain', 'rate')),
          'x',
        ),
        plain(`${title}: p95 through the router`, median(of('router', 'p95')), 'ms'),
        atMost(
          slower,
          `${title}: p95 router / mongod`,
          pairedRatio(of('router', 'p95'), of('plain', 'p95')),
          'x',
        ),
      );
    }
  }
  return rows;
}

/** Requests answered in a second, and the milliseconds that 95 % of them are answered within. */
async function measure(port, request, connections) {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, {
    minPoolSize: connections,
    maxPoolSize: connections,
    // A set waits for its journal by default, a plain mongod does not.
    writeConcern: { w: 1 },
    retryWrites: false,
  });
  await client.connect();
  const db = client.db('bench');
  const waits = [];
  try {
    // All connections are open before the clock starts.
    await Promise.all(Array.from({ length: connections }, () => db.command({ ping: 1 })));
    const start = performance.now();
    await Promise.all(
      Array.from({ length: connections }, async (_, lane) => {
        for (let n = lane * 61; performance.now() - start < roundMs; n += 1) {
          waits.push(await timed(() => request(db, n)));
        }
      }),
    );
    return {
      rate: (waits.length * 1_000) / (performance.now() - start),
      p95: percentile(waits, 0.95),
    };
  } finally {
    await client.close();
  }
}

/** How soon a router listens, against a Node that does nothing, in turn. */
async function startRows() {
  const times = { node: [], router: [] };
  for (let round = 0; round < rounds; round += 1) {
    times.node.push(
      await timed(() => once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit')),
    );
    const port = await freePort();
    let child;
    times.router.push(
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
  return [
    plain('router listens after', median(times.router), 'ms'),
    atMost(2, 'router listens / node -e 0', pairedRatio(times.router, times.node), 'x'),
  ];
}
