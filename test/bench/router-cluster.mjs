import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { findProgram } from '../../src/lab/local/programs/programs.ts';
import { router as routerFile } from './program.mjs';

/**
 * Two shards of one member behind the course router, with `bench.users` and `bench.filled` sharded by the hash of
 * `uid`, and a plain mongod beside them.
 * @param {string} folder for their data
 */
export async function startCluster(folder) {
  const processes = [];
  const start = (file, args) => processes.push(spawn(file, args, { stdio: 'ignore' }));
  const stop = async () => {
    for (const child of processes) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
  };
  try {
    const plain = await startMongod(start, folder, 'plain', []);
    const config = await startSet(start, folder, 'configset', '--configsvr');
    const shards = [];
    for (const set of ['shard1', 'shard2']) shards.push(await startSet(start, folder, set, '--shardsvr'));
    const router = await freePort();
    start(process.execPath, [
      routerFile,
      '--configdb',
      `configset/127.0.0.1:${config}`,
      '--port',
      `${router}`,
    ]);
    while (!(await listens(router))) await delay(2);
    await onAdmin(router, async (admin) => {
      for (const [at, shard] of shards.entries())
        await admin.command({ addShard: `shard${at + 1}/127.0.0.1:${shard}` });
      for (const name of ['users', 'filled'])
        await admin.command({ shardCollection: `bench.${name}`, key: { uid: 'hashed' } });
    });
    return { plain, router, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startMongod(start, folder, name, more) {
  const { file, argsBefore } = await findProgram('mongod');
  const port = await freePort();
  const dbpath = join(folder, name);
  mkdirSync(dbpath);
  const args = ['--dbpath', dbpath, '--port', `${port}`, '--bind_ip', '127.0.0.1', ...more];
  start(file, [...argsBefore, ...args, '--wiredTigerCacheSizeGB', '0.25']);
  return port;
}

async function startSet(start, folder, set, role) {
  const port = await startMongod(start, folder, set, ['--replSet', set, role]);
  await onAdmin(port, async (admin) => {
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    await admin.command(
      { replSetInitiate: { _id: set, configsvr: role === '--configsvr' || undefined, members } },
      { ignoreUndefined: true },
    );
    while (!(await admin.command({ hello: 1 })).isWritablePrimary) await delay(20);
  });
  return port;
}

async function onAdmin(port, work) {
  const client = await MongoClient.connect(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  try {
    await work(client.db('admin'));
  } finally {
    await client.close();
  }
}

export function listens(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
