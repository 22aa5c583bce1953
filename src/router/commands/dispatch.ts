/** From a request to the handler that answers it. */

import type { Request } from '../request.js';
import type { Client, Handler, Reply, Router } from '../router.js';
import { Type } from '../wire/document.js';
import * as chunks from './chunks.js';
import * as collections from './collections.js';
import { type CommandName, commands } from './commands.js';
import { coordinate, getMore, killCursors } from './crud.js';
import * as databases from './databases.js';
import { explain } from './explain.js';
import { isInternalDatabase, onInternalDatabase } from './internal-databases.js';
import { currentOp, killOp } from './operations.js';
import { selfHandlers } from './self.js';
import * as sharding from './sharding.js';

const handlers: Readonly<Record<CommandName, Handler>> = {
  ...selfHandlers,

  find: coordinate,
  aggregate: coordinate,
  insert: coordinate,
  update: coordinate,
  delete: coordinate,
  getMore,
  killCursors,
  explain,

  count: collections.count,
  distinct: collections.distinct,
  findAndModify: collections.findAndModify,
  collStats: collections.collStats,
  dataSize: collections.dataSize,
  validate: collections.validate,
  createIndexes: collections.createIndexes,
  listIndexes: collections.listIndexes,
  dbStats: databases.dbStats,
  listDatabases: databases.listDatabases,
  currentOp,
  killOp,

  create: databases.create,
  drop: databases.drop,
  dropDatabase: databases.dropDatabase,
  dropIndexes: databases.dropIndexes,
  collMod: databases.collMod,
  listCollections: databases.listCollections,
  renameCollection: databases.renameCollection,

  addShard: sharding.addShard,
  addShardToZone: sharding.addShardToZone,
  abortReshardCollection: sharding.abortReshardCollection,
  balancerCollectionStatus: sharding.balancerCollectionStatus,
  balancerStart: sharding.balancerStart,
  balancerStatus: sharding.balancerStatus,
  balancerStop: sharding.balancerStop,
  clearJumboFlag: chunks.clearJumboFlag,
  commitReshardCollection: sharding.commitReshardCollection,
  configureCollectionBalancing: sharding.configureCollectionBalancing,
  enableSharding: sharding.enableSharding,
  flushRouterConfig: sharding.flushRouterConfig,
  getShardMap: sharding.getShardMap,
  getShardVersion: sharding.getShardVersion,
  listShards: sharding.listShards,
  mergeChunks: chunks.mergeChunks,
  moveChunk: chunks.moveChunk,
  movePrimary: sharding.movePrimary,
  moveRange: chunks.moveRange,
  refineCollectionShardKey: sharding.refineCollectionShardKey,
  removeShard: sharding.removeShard,
  removeShardFromZone: sharding.removeShardFromZone,
  reshardCollection: sharding.reshardCollection,
  shardCollection: sharding.shardCollection,
  split: chunks.split,
  updateZoneKeyRange: sharding.updateZoneKeyRange,

  getDefaultRWConcern: sharding.passToConfig,
  setDefaultRWConcern: sharding.passToConfig,
};

const dataRoutes: ReadonlySet<string> = new Set(['coordinator', 'shards', 'catalog', 'explain']);

/** Answers a request that has been admitted. @throws what its handler throws */
export function dispatch(router: Router, request: Request, client: Client): Promise<Reply> | Reply {
  const { command, database } = request;
  const { route, adminOnly } = commands[command];
  if (dataRoutes.has(route) && !adminOnly && isInternalDatabase(database) && !asksCluster(request)) {
    return onInternalDatabase(router, request, client);
  }
  return handlers[command](router, request, client);
}

/** `{aggregate: 1}` on `admin` asks about the whole cluster ($currentOp, $shardedDataDistribution). */
function asksCluster({ command, database, first }: Request): boolean {
  return command === 'aggregate' && database === 'admin' && first.type !== Type.string;
}
