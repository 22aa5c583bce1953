/**
 * Which commands the router knows, how each is routed and which fields it may carry. What is not in this table is refused:
 * some internal commands and fields abort a mongod 6.0, so nothing is tried that is not known to be safe.
 */

/**
 * How a command gets its answer:
 * - `router`: the router knows it (hello, ping)
 * - `coordinator`: a shard's mongod runs it as its internal `cluster…` command, with MongoDB's own routing
 * - `cursor`: the server that owns the cursor
 * - `explain`: as the command that is explained
 * - `shards`: every shard that owns a part of the collection; the router joins the answers
 * - `catalog`: the primary shard of the database (collections, indexes)
 * - `sharding`: the config servers, or a shard on their behalf
 * - `config`: the config servers, as it is
 */
export type Route =
  | 'router'
  | 'coordinator'
  | 'cursor'
  | 'explain'
  | 'shards'
  | 'catalog'
  | 'sharding'
  | 'config';

export interface CommandSpec {
  readonly route: Route;
  /** The fields it may have besides its own name and the generic ones. */
  readonly fields: ReadonlySet<string>;
  readonly adminOnly: boolean;
  /** It changes data: it must not be sent twice. */
  readonly writes: boolean;
  /** The field that drivers may send as a document sequence beside the body. */
  readonly sequence: string | undefined;
}

interface Row {
  adminOnly?: boolean;
  writes?: boolean;
  sequence?: string;
}

function row(
  route: Route,
  fields: string,
  { adminOnly = false, writes = false, sequence }: Row = {},
): CommandSpec {
  return { route, fields: new Set(fields.split(' ').filter(Boolean)), adminOnly, writes, sequence };
}

const admin: Row = { adminOnly: true, writes: true };
const adminRead: Row = { adminOnly: true };
const write: Row = { writes: true };

/** Any field: the command goes nowhere else. Drivers say more of themselves in a hello with every version. */
const any = '*';
const queryFields = 'query fields limit skip hint collation';

const table = {
  hello: row('router', any),
  isMaster: row('router', any),
  ping: row('router', ''),
  buildInfo: row('router', ''),
  connectionStatus: row('router', 'showPrivileges'),
  endSessions: row('router', ''),
  refreshSessions: row('router', ''),
  startSession: row('router', ''),
  getCmdLineOpts: row('router', '', adminRead),
  getLog: row('router', '', adminRead),
  getParameter: row('router', any, adminRead),
  hostInfo: row('router', ''),
  isdbgrid: row('router', ''),
  listCommands: row('router', ''),
  serverStatus: row('router', any),
  whatsmyuri: row('router', ''),

  find: row(
    'coordinator',
    'filter projection sort hint skip limit batchSize singleBatch max min returnKey showRecordId tailable awaitData oplogReplay noCursorTimeout allowPartialResults collation allowDiskUse let',
  ),
  aggregate: row(
    'coordinator',
    'pipeline explain allowDiskUse cursor bypassDocumentValidation collation hint let',
  ),
  insert: row('coordinator', 'documents ordered bypassDocumentValidation', {
    ...write,
    sequence: 'documents',
  }),
  update: row('coordinator', 'updates ordered bypassDocumentValidation let', {
    ...write,
    sequence: 'updates',
  }),
  delete: row('coordinator', 'deletes ordered let', { ...write, sequence: 'deletes' }),

  getMore: row('cursor', 'collection batchSize'),
  killCursors: row('cursor', 'cursors'),

  explain: row('explain', 'verbosity'),

  count: row('shards', queryFields),
  distinct: row('shards', 'key query collation hint'),
  findAndModify: row(
    'shards',
    'query sort remove update new fields upsert bypassDocumentValidation collation arrayFilters hint let',
    write,
  ),
  collStats: row('shards', 'scale'),
  dataSize: row('shards', 'keyPattern min max estimate'),
  dbStats: row('shards', 'scale freeStorage'),
  listDatabases: row('shards', 'filter nameOnly authorizedDatabases', adminRead),
  validate: row('shards', 'full'),
  currentOp: row('shards', '$all $ownOps', adminRead),
  killOp: row('shards', 'op', adminRead),
  createIndexes: row('shards', 'indexes commitQuorum ignoreUnknownIndexOptions', write),

  create: row(
    'catalog',
    'capped size max autoIndexId idIndex validator validationLevel validationAction viewOn pipeline collation storageEngine indexOptionDefaults clusteredIndex expireAfterSeconds changeStreamPreAndPostImages flags',
    write,
  ),
  drop: row('catalog', '', write),
  dropDatabase: row('catalog', '', write),
  dropIndexes: row('catalog', 'index', write),
  collMod: row(
    'catalog',
    'index validator validationLevel validationAction viewOn pipeline expireAfterSeconds',
    write,
  ),
  listCollections: row('catalog', 'filter nameOnly authorizedCollections cursor'),
  listIndexes: row('catalog', 'cursor'),
  renameCollection: row('catalog', 'to dropTarget', admin),

  addShard: row('sharding', 'name maxSize', admin),
  addShardToZone: row('sharding', 'zone', admin),
  abortReshardCollection: row('sharding', '', admin),
  balancerCollectionStatus: row('sharding', '', adminRead),
  balancerStart: row('sharding', '', admin),
  balancerStatus: row('sharding', '', adminRead),
  balancerStop: row('sharding', '', admin),
  clearJumboFlag: row('sharding', 'bounds find', admin),
  commitReshardCollection: row('sharding', '', admin),
  configureCollectionBalancing: row('sharding', 'chunkSize defragmentCollection enableAutoSplitter', admin),
  enableSharding: row('sharding', 'primaryShard', admin),
  flushRouterConfig: row('sharding', '', adminRead),
  getShardMap: row('sharding', '', adminRead),
  getShardVersion: row('sharding', 'fullMetadata', adminRead),
  listShards: row('sharding', '', adminRead),
  mergeChunks: row('sharding', 'bounds', admin),
  moveChunk: row(
    'sharding',
    'find bounds to forceJumbo waitForDelete _waitForDelete secondaryThrottle _secondaryThrottle',
    admin,
  ),
  movePrimary: row('sharding', 'to', admin),
  moveRange: row('sharding', 'toShard min max forceJumbo waitForDelete secondaryThrottle', admin),
  refineCollectionShardKey: row('sharding', 'key', admin),
  removeShard: row('sharding', '', admin),
  removeShardFromZone: row('sharding', 'zone', admin),
  reshardCollection: row('sharding', 'key unique numInitialChunks collation zones', admin),
  shardCollection: row(
    'sharding',
    'key unique numInitialChunks presplitHashedZones collation implicitlyCreateIndex enforceUniquenessCheck',
    admin,
  ),
  split: row('sharding', 'find middle bounds', admin),
  updateZoneKeyRange: row('sharding', 'min max zone', admin),

  getDefaultRWConcern: row('config', 'inMemory', adminRead),
  setDefaultRWConcern: row('config', 'defaultReadConcern defaultWriteConcern', admin),
} satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof table;
export type NamesOf<R extends Route> = R extends Route ? CommandName : never;

export const commands: Readonly<Record<CommandName, CommandSpec>> = table;

/** Names from older servers that shells and drivers still send. */
const aliases: Readonly<Record<string, CommandName>> = {
  ismaster: 'isMaster',
  buildinfo: 'buildInfo',
  findandmodify: 'findAndModify',
  collstats: 'collStats',
  dbstats: 'dbStats',
  datasize: 'dataSize',
  deleteIndexes: 'dropIndexes',
  removeshard: 'removeShard',
  addshard: 'addShard',
  enablesharding: 'enableSharding',
  shardcollection: 'shardCollection',
  movechunk: 'moveChunk',
  moveprimary: 'movePrimary',
  listshards: 'listShards',
  isDbGrid: 'isdbgrid',
};

const known = new Map<string, CommandName>([
  ...(Object.keys(table) as CommandName[]).map((name) => [name, name] as const),
  ...Object.entries(aliases),
]);

/** The command that a client means by `name`, if the router has it. */
export function commandNamed(name: string): CommandName | undefined {
  return known.get(name);
}

/** Commands that mongos itself refuses, with its words, or that this router cannot do, with what to do instead. */
export const refusals: ReadonlyMap<string, string> = new Map([
  ...[
    'replSetGetStatus',
    'replSetInitiate',
    'replSetReconfig',
    'replSetGetConfig',
    'replSetStepDown',
    'replSetFreeze',
  ].map((name) => [name, `${name} is not supported through mongos`] as const),
  ['profile', 'profile is not supported through mongos: open the profiler on a shard’s own mongod'],
  ...['commitTransaction', 'abortTransaction', 'prepareTransaction', 'coordinateCommitTransaction'].map(
    (name) => [name, 'course router: there are no multi-document transactions here'] as const,
  ),
  ['shutdown', 'course router: stop this router with the course (`fault stop`, `down`), not with a command'],
  ['mapReduce', 'course router: mapReduce is not supported: use an aggregation pipeline'],
  ['mapreduce', 'course router: mapReduce is not supported: use an aggregation pipeline'],
]);
