/** The course router's process: mongos's arguments in, a listening router out. */
import { dropped } from '../machine/debug-log.js';
import { ArgumentError, parseArguments, type RouterOptions } from './arguments.js';
import { createCluster } from './cluster/cluster.js';
import { createRoutingTable } from './cluster/routing.js';
import { createShardHosts } from './cluster/shard-hosts.js';
import { createCursors } from './commands/cursors.js';
import { introduction } from './commands/self.js';
import { createLog } from './log.js';
import { register, registrationIntervalMs } from './registration.js';
import type { Router } from './router.js';
import { createRouterServer } from './server.js';

const checkIntervalMs = 1_000;
/** mongod's and mongos's exit code for a port that is taken. */
const exitPortTaken = 48;

function optionsOrExit(argv: readonly string[]): RouterOptions {
  try {
    return parseArguments(argv);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    process.stderr.write(`${error.message}\ntry 'mongos --help' for more information\n`);
    process.exit(error.exitCode);
  }
}

function run(argv: readonly string[]): void {
  const options = optionsOrExit(argv);
  const log = createLog(options.logpath);
  const cluster = createCluster(options.configdb, log);
  const { name, hosts } = options.configdb;
  const router: Router = {
    cluster,
    routing: createRoutingTable(cluster),
    cursors: createCursors(),
    identity: {
      host: options.bindIp,
      port: options.port,
      configdb: `${name}/${hosts.join(',')}`,
      argv: ['mongos', ...argv],
      started: new Date(),
    },
    counters: { connections: 0, connectionsCreated: 0, bytesIn: 0, bytesOut: 0, requests: 0 },
    log,
  };

  const server = createRouterServer(router);
  // Shards that another router added have to be known before one of them falls silent.
  const renew = () => Promise.all([register(router), cluster.shards()]).catch(dropped);
  const renewing = setInterval(renew, registrationIntervalMs);
  const shardHosts = createShardHosts(cluster, log);
  const checking = setInterval(() => {
    cluster.check();
    shardHosts.look();
  }, checkIntervalMs);
  const stop = () => {
    clearInterval(renewing);
    clearInterval(checking);
    log('Shutting down');
    server.close();
    cluster.close();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  server.on('error', (error: NodeJS.ErrnoException) => {
    log(`Failed to set up listener: ${error.message}`);
    process.stderr.write(`Failed to set up listener: SocketException: ${error.message}\n`);
    process.exit(error.code === 'EADDRINUSE' ? exitPortTaken : 1);
  });
  server.listen(options.port, options.bindIp, () => {
    log(introduction);
    log(`Course router (stands in for mongos) waiting for connections on ${options.bindIp}:${options.port}`);
    void renew();
  });
}

run(process.argv.slice(2));
