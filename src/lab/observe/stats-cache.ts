import type { Document, MongoClient } from 'mongodb';
import { dropped } from '../../machine/debug-log.js';
import type { Stack } from '../compose/service.js';
import type { Clients } from './clients.js';
import { type Heard, patience } from './hello.js';
import type { HeldData, MemberView, MoveView, NodeView, ShardView } from './snapshot.js';

/** Milliseconds between two readings of the same figure: a watcher at rest should cost nothing. */
const interval = 2_000;

/** What is asked for seldom, added to what is asked for each time. */
export interface Figures {
  readonly nodes: ReadonlyMap<string, Pick<NodeView, 'data' | 'member'>>;
  readonly moves: readonly MoveView[];
  readonly shards: readonly ShardView[];
}

interface Reading<Value> {
  readonly at: number;
  /** The server's last write when it was read: no write since, no need to read again. */
  readonly lastWrite: string | undefined;
  readonly value: Value;
}

/** @param serviceAt the service that members of a set know by an address */
export function openStatsCache(
  clients: Clients,
  serviceAt: (address: string, stack: Stack) => string | undefined,
): { of(stack: Stack, heard: readonly Heard[]): Promise<Figures> } {
  const onNodes = new Map<string, Reading<{ data: HeldData | undefined; moves: readonly MoveView[] }>>();
  const ofSets = new Map<string, Reading<ReadonlyMap<string, MemberView>>>();
  const ofClusters = new Map<string, Reading<readonly ShardView[]>>();

  /** Reads anew where the reading is too old; a server that does not say leaves no figure. */
  const fresh = async <Value>(
    readings: Map<string, Reading<Value>>,
    key: string,
    { lastWrite, read }: { lastWrite: string | undefined; read: () => Promise<Value> },
  ): Promise<Value | undefined> => {
    const known = readings.get(key);
    const now = Date.now();
    const unchanged = lastWrite !== undefined && known?.lastWrite === lastWrite;
    if (known && (unchanged || now - known.at < interval)) return known.value;
    try {
      const value = await read();
      readings.set(key, { at: now, lastWrite, value });
      return value;
    } catch (error) {
      dropped(error);
      readings.delete(key);
      return undefined;
    }
  };

  /** Read from the config servers' primary: there whether or not a router runs. */
  const shardsOf = async (heard: readonly Heard[]): Promise<readonly ShardView[]> => {
    const primary = heard.find(({ node }) => node.tier === 'config' && node.mongo?.role === 'primary');
    if (!primary) return [];
    const { service } = primary.node;
    const lastWrite = primary.said?.lastWrite;
    return (
      (await fresh(ofClusters, service, { lastWrite, read: () => readShards(clients.mongo(service)) })) ?? []
    );
  };

  return {
    async of(stack, heard) {
      const nodes = new Map<string, Pick<NodeView, 'data' | 'member'>>();
      const moves: MoveView[] = [];
      const add = (service: string, more: Pick<NodeView, 'data' | 'member'>) =>
        nodes.set(service, { ...nodes.get(service), ...more });

      const holders = heard
        .filter(({ node }) => holdsData(node))
        .map(async ({ node, said }) => {
          const client = clients.mongo(node.service);
          const found = await fresh(onNodes, node.service, {
            lastWrite: said?.lastWrite,
            read: async () => ({
              data: await readData(client),
              moves: node.tier === 'shard' && node.mongo?.role === 'primary' ? await readMoves(client) : [],
            }),
          });
          if (found?.data) add(node.service, { data: found.data });
          moves.push(...(found?.moves ?? []));
        });
      const sets = witnesses(heard).map(async ({ set, service }) => {
        const members = await fresh(ofSets, set, {
          lastWrite: undefined,
          read: async () =>
            readMembers(
              await clients.mongo(service).db('admin').command({ replSetGetStatus: 1, maxTimeMS: patience }),
            ),
        });
        for (const [address, member] of members ?? []) {
          const known = serviceAt(address, stack);
          if (known !== undefined) add(known, { member });
        }
      });
      const [shards] = await Promise.all([shardsOf(heard), ...holders, ...sets]);
      return {
        nodes,
        shards,
        moves: moves.sort((one, other) => (one.from + one.to).localeCompare(other.from + other.to)),
      };
    },
  };
}

function holdsData({ tier, mongo }: NodeView): boolean {
  return (
    (tier === 'shard' || tier === 'database') && (mongo?.role === 'primary' || mongo?.role === 'standalone')
  );
}

/** For each set of two and more members one that can tell of them all: the primary where there is one. */
function witnesses(heard: readonly Heard[]): readonly { set: string; service: string }[] {
  const found = new Map<string, string>();
  for (const { node } of heard) {
    const { mongo } = node;
    if (mongo?.set === undefined || (mongo.members ?? 0) < 2) continue;
    if (mongo.role === 'primary' || !found.has(mongo.set)) found.set(mongo.set, node.service);
  }
  return [...found].map(([set, service]) => ({ set, service }));
}

/** The members of a set by their address, from a `replSetGetStatus` reply. */
export function readMembers(reply: Document): ReadonlyMap<string, MemberView> {
  const members = reply.members as { name: string; stateStr: string; health: number }[];
  return new Map(
    members.map(({ name, stateStr, health }) => [name, { state: stateStr, healthy: health === 1 }]),
  );
}

const ownDatabases = ['admin', 'config', 'local'];

async function readData(client: MongoClient): Promise<HeldData> {
  const { databases } = await client.db('admin').command({
    listDatabases: 1,
    nameOnly: true,
    filter: { name: { $nin: ownDatabases } },
    maxTimeMS: patience,
  });
  const stats = await Promise.all(
    (databases as { name: string }[]).map(({ name }) =>
      client.db(name).command({ dbStats: 1, maxTimeMS: patience }),
    ),
  );
  const sum = (field: string) => stats.reduce((total, stat) => total + Number(stat[field]), 0);
  return { documents: sum('objects'), bytes: sum('dataSize') };
}

async function readShards(client: MongoClient): Promise<readonly ShardView[]> {
  const shards = await client
    .db('config')
    .collection<Document & { _id: string }>('shards')
    .find({}, { maxTimeMS: patience, sort: { _id: 1 } })
    .toArray();
  return shards.map(({ _id, host, draining }) => ({ id: _id, host, draining: draining === true }));
}

/** The moves that a shard gives chunks away in: noted in its own `config.migrationCoordinators` until decided. */
async function readMoves(client: MongoClient): Promise<readonly MoveView[]> {
  const open = await client
    .db('config')
    .collection('migrationCoordinators')
    .find({ decision: { $exists: false } }, { maxTimeMS: patience })
    .toArray();
  return open.map(({ nss, donorShardId, recipientShardId }) => ({
    namespace: String(nss),
    from: String(donorShardId),
    to: String(recipientShardId),
  }));
}
