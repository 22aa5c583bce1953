/** A sharded cluster of real servers behind the course's router, for one test file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Document, MongoClient } from 'mongodb';
import { findProgram } from '../../../src/lab/local/programs/programs.js';
import { packageRoot } from '../../../src/package.js';
import { portOffsetFor } from '../../support/ports.js';

/** One server process of the cluster. */
export interface Node {
  readonly name: string;
  readonly set: string;
  readonly port: number;
  /** Another one after a restart. */
  process: ChildProcess;
}

export interface RouterCluster {
  readonly port: number;
  readonly uri: string;
  readonly configdb: string;
  readonly router: ChildProcess;
  readonly nodes: readonly Node[];
  /** Starts one more router, with addresses of config servers of its own choice; returns its connection string. */
  startRouter(configdb?: string): Promise<string>;
  /** Starts a server that has ended again, on its data. */
  restart(node: Node): void;
  /** Starts one more set's servers, initiated and with a primary; not yet added as a shard. Returns `set/host:port,…` */
  startSet(set: string, members: number, role?: string, initiate?: boolean): Promise<string>;
  /** A port that none of its servers uses. */
  freePort(): number;
  /** A client of one server alone. */
  direct(port: number): Promise<MongoClient>;
  /** A client through the router, or through another one. */
  client(options?: Document, uri?: string): Promise<MongoClient>;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** Members of each shard's set, by the shard's name. */
  readonly shards: Readonly<Record<string, number>>;
  /** Leave the config set uninitiated, as it is before a learner's first command. */
  readonly uninitiated?: boolean;
  /** Members of the config set. Default one. */
  readonly configServers?: number;
}

/** Asks until the answer is not undefined or false. @throws Error naming `what` after `deadlineMs` */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  deadlineMs = 30_000,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${deadlineMs} ms (${last ?? 'no error'})`);
    await delay(25);
  }
}

/**
 * Whether this machine's mongod is of the series that the router is for: where there is a mongos, that is used instead.
 * With `CI` set another series is an error, because the router's suites would skip themselves there.
 */
export async function routerIsUsedHere(): Promise<boolean> {
  const { version } = await findProgram('mongod');
  return isForRouter(version, process.env);
}

/** @throws Error with `CI` set, where a mongod of this version would have the router's suites skipped. */
export function isForRouter(version: string | undefined, env: NodeJS.ProcessEnv): boolean {
  const is = version?.startsWith('6.0') === true;
  if (!is && env.CI)
    throw new Error(
      `mongod ${version ?? 'of unknown version'} is not of series 6.0, which the course router is for: its suites cannot run, and under CI they must. Unset MSC_BIN_DIR and take other mongods off the PATH.`,
    );
  return is;
}

/** Ports of a block that no stage of the course uses: 27140 and up, shifted by the block's offset. */
const firstPort = 27_140;

export async function startCluster({
  shards,
  uninitiated = false,
  configServers = 1,
}: ClusterOptions): Promise<RouterCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'msc-router-'));
  const mongod = await findProgram('mongod');
  const nodes: Node[] = [];
  const clients: MongoClient[] = [];
  const processes: ChildProcess[] = [];
  const begin = new Map<number, () => ChildProcess>();
  let nextPort = firstPort + (await portOffsetFor('a router cluster'));
  const freePort = (): number => nextPort++;

  const direct = async (port: number): Promise<MongoClient> => {
    const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
      serverSelectionTimeoutMS: 20_000,
    });
    clients.push(client);
    return client.connect();
  };

  const startNode = async (set: string, name: string, role: string, parameters: string[]): Promise<Node> => {
    const port = freePort();
    const dbpath = join(folder, name);
    await mkdir(dbpath);
    const args = [
      ...mongod.argsBefore,
      ...['--dbpath', dbpath, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', set, role],
      ...['--wiredTigerCacheSizeGB', '0.25', '--logpath', join(folder, `${name}.log`), '--logappend'],
      ...parameters.flatMap((parameter) => ['--setParameter', parameter]),
    ];
    begin.set(port, () => {
      const child = spawn(mongod.file, args, { stdio: 'ignore' });
      processes.push(child);
      return child;
    });
    const node = { name, set, port, process: (begin.get(port) as () => ChildProcess)() };
    nodes.push(node);
    return node;
  };

  const start = async (set: string, members: number, role: string, initiate = true): Promise<string> => {
    // MongoDB lets a resharding take at least five minutes unless told otherwise.
    const parameters = role === '--configsvr' ? ['reshardingMinimumOperationDurationMillis=0'] : [];
    const started = await Promise.all(
      Array.from({ length: members }, (_, i) =>
        startNode(set, `${set}${nodes.length}${'abc'[i]}`, role, parameters),
      ),
    );
    const hosts = started.map(({ port }) => `127.0.0.1:${port}`);
    if (initiate) {
      // All of them have to answer before one is told of the others.
      const [first] = await Promise.all(started.map(({ port }) => direct(port)));
      const admin = (first as MongoClient).db('admin');
      await admin.command({
        replSetInitiate: {
          _id: set,
          ...(role === '--configsvr' ? { configsvr: true } : {}),
          members: hosts.map((host, _id) => ({ _id, host })),
          settings: { electionTimeoutMillis: 2_000, heartbeatIntervalMillis: 500 },
        },
      });
      await until(`a primary of ${set}`, async () => (await admin.command({ hello: 1 })).primary);
    }
    return `${set}/${hosts.join(',')}`;
  };

  const stop = async (): Promise<void> => {
    await Promise.all(clients.map((open) => open.close()));
    await Promise.all(
      processes.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }),
    );
    await rm(folder, { recursive: true, force: true });
  };
  // What was started before a start failed must not outlive the test.
  const orStop = async (error: unknown): Promise<never> => {
    await stop();
    throw error;
  };

  const configdb = await start('configset', configServers, '--configsvr', !uninitiated).catch(orStop);
  const sets = await Promise.all(
    Object.entries(shards).map(([set, members]) => start(set, members, '--shardsvr')),
  ).catch(orStop);

  const port = freePort();
  const uri = `mongodb://127.0.0.1:${port}/`;
  const main = join(packageRoot, 'dist', 'src', 'router', 'main.js');
  const runRouter = (on: number, config: string): ChildProcess => {
    const args = [main, '--configdb', config, '--port', String(on)];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    processes.push(child);
    return child;
  };
  const router = runRouter(port, configdb);

  const client = async (options: Document = {}, through = uri): Promise<MongoClient> => {
    const made = new MongoClient(through, { serverSelectionTimeoutMS: 20_000, ...options });
    clients.push(made);
    return made.connect();
  };

  const cluster: RouterCluster = {
    port,
    uri,
    configdb,
    router,
    nodes,
    async startRouter(config = configdb) {
      const on = freePort();
      runRouter(on, config);
      return `mongodb://127.0.0.1:${on}/`;
    },
    restart(node) {
      node.process = (begin.get(node.port) as () => ChildProcess)();
    },
    startSet: (set, members, role = '--shardsvr', initiate = true) => start(set, members, role, initiate),
    freePort,
    direct,
    client,
    stop,
  };
  try {
    const admin = (await client()).db('admin');
    for (const set of sets) await admin.command({ addShard: set });
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

/** How a promise failed. @throws Error where it did not */
export async function failure(promise: Promise<unknown>): Promise<Document> {
  const outcome = await promise.then(
    () => undefined,
    (error: Document) => error,
  );
  if (outcome === undefined) throw new Error('it should have failed');
  return outcome;
}

/** Whether a process that the test started still runs. */
export function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
