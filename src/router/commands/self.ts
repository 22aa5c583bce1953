/** What the router answers by itself: who it is and how it is. */
import { cpus, hostname, type as osType, release, totalmem } from 'node:os';
import { fieldValue, type Request, target } from '../request.js';
import type { Client, Handler, Router } from '../router.js';
import type { Document } from '../wire/document-type.js';
import { ServerError } from '../wire/errors.js';
import { maxClientMessageLength } from '../wire/wire.js';
import { commands } from './commands.js';

/** The MongoDB version whose internal cluster commands the router speaks, and its wire version. */
export const mongoVersion = '6.0.5';
const maxWireVersion = 17;

/** What it is and what it cannot do, for its log and for the warnings that shells show on connecting. */
export const introduction =
  'This is the course router of mongo-scale-course, not mongos: it has no transactions and no change streams, and does ' +
  'not know a retried write again: where a connection breaks, retryWrites may write twice';

/** The reply to hello and isMaster: what makes a driver take the router for a mongos. */
export function hello(legacy: boolean, client: Client): Document {
  return {
    ...(legacy ? { helloOk: true, ismaster: true } : { isWritablePrimary: true }),
    msg: 'isdbgrid',
    courseRouter: true,
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: maxClientMessageLength,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: client.connectionId,
    minWireVersion: 0,
    maxWireVersion,
    ok: 1,
  };
}

const ok: Handler = () => ({ ok: 1 });

function serverStatus(router: Router): Document {
  const { identity, counters } = router;
  const uptimeMillis = Date.now() - identity.started.getTime();
  return {
    host: `${hostname()}:${identity.port}`,
    version: mongoVersion,
    process: 'mongos',
    courseRouter: true,
    pid: process.pid,
    uptime: Math.floor(uptimeMillis / 1000),
    uptimeMillis,
    localTime: new Date(),
    connections: { current: counters.connections, totalCreated: counters.connectionsCreated },
    mem: { bits: 64, resident: Math.round(process.memoryUsage.rss() / 2 ** 20), supported: true },
    metrics: { cursor: { open: { total: router.cursors.size } } },
    network: { bytesIn: counters.bytesIn, bytesOut: counters.bytesOut, numRequests: counters.requests },
    sharding: { configsvrConnectionString: router.identity.configdb },
    ok: 1,
  };
}

function getLog(router: Router, request: Request): Document {
  const name = target(request);
  if (name === '*') return { names: ['global', 'startupWarnings'], ok: 1 };
  if (name !== 'startupWarnings' && name !== 'global') {
    throw new ServerError('OperationFailed', `No log named '${name}'`);
  }
  const line = {
    t: { $date: router.identity.started.toISOString() },
    s: 'W',
    c: 'CONTROL',
    id: 1,
    ctx: 'main',
    msg: introduction,
    tags: ['startupWarnings'],
  };
  return { totalLinesWritten: 1, log: [JSON.stringify(line)], ok: 1 };
}

function getCmdLineOpts({ identity }: Router): Document {
  return {
    argv: identity.argv,
    parsed: { net: { port: identity.port }, sharding: { configDB: identity.configdb } },
    ok: 1,
  };
}

function getParameter(request: Request): Document {
  if (fieldValue(request, 'getParameter') === '*') return { quiet: false, logLevel: 0, ok: 1 };
  throw new ServerError('InvalidOptions', 'no option found to get');
}

function hostInfo(): Document {
  return {
    system: {
      currentTime: new Date(),
      hostname: hostname(),
      memSizeMB: Math.round(totalmem() / 2 ** 20),
      numCores: cpus().length,
      cpuArch: process.arch,
    },
    os: { type: osType(), name: osType(), version: release() },
    extra: {},
    ok: 1,
  };
}

export const selfHandlers = {
  hello: (_router, _request, client) => hello(false, client),
  isMaster: (_router, _request, client) => hello(true, client),
  ping: ok,
  endSessions: ok,
  refreshSessions: ok,
  startSession: () => {
    throw new ServerError('CommandNotSupported', 'course router: drivers make their sessions themselves');
  },
  buildInfo: () => ({
    version: mongoVersion,
    versionArray: mongoVersion.split('.').map(Number).concat(0),
    gitVersion: 'course router',
    courseRouter: true,
    modules: [],
    bits: 64,
    debug: false,
    maxBsonObjectSize: 16 * 1024 * 1024,
    storageEngines: [],
    ok: 1,
  }),
  connectionStatus: () => ({
    authInfo: { authenticatedUsers: [], authenticatedUserRoles: [], authenticatedUserPrivileges: [] },
    ok: 1,
  }),
  getCmdLineOpts,
  getLog,
  getParameter: (_router, request) => getParameter(request),
  hostInfo,
  isdbgrid: () => ({ isdbgrid: 1, hostname: hostname(), ok: 1 }),
  listCommands: () => ({
    commands: Object.fromEntries(
      Object.entries(commands).map(([name, { adminOnly }]) => [
        name,
        { help: 'see the manual', adminOnly, requiresAuth: false, secondaryOk: true },
      ]),
    ),
    ok: 1,
  }),
  serverStatus,
  whatsmyuri: (_router, _request, client) => ({ you: client.address, ok: 1 }),
} satisfies Record<string, Handler>;
