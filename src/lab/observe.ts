import type { Document } from 'mongodb';
import type { Clients } from './clients.js';
import type { Runtime, ServiceStatus } from './runtime.js';
import type { Service, Stack } from './service.js';
import type { MongoView, NodeView, ShardView, Snapshot } from './snapshot.js';

/** Milliseconds a server has to say hello before it counts as silent. */
const patience = 800;

/** Looks at every service of the stack at once and puts what they say into one snapshot. Never throws. */
export async function takeSnapshot(runtime: Runtime, stack: Stack, clients: Clients): Promise<Snapshot> {
  const statuses = new Map((await runtime.services()).map((status) => [status.name, status]));
  const nodes = await Promise.all(
    stack.services.map(async (service): Promise<NodeView> => {
      const status = statuses.get(service.name) ?? absent(service, runtime);
      const isMongo = service.program === 'mongod' || service.program === 'mongos';
      return isMongo && status.state === 'running'
        ? { service: service.name, status, mongo: await askMongo(service.name, clients) }
        : { service: service.name, status };
    }),
  );
  return {
    takenAt: Date.now(),
    stage: stack.stage,
    runtime: runtime.kind,
    nodes,
    shards: await readShards(stack, nodes, clients),
  };
}

async function askMongo(service: string, clients: Clients): Promise<MongoView> {
  try {
    return readHello(await clients.mongo(service).db('admin').command({ hello: 1, maxTimeMS: patience }));
  } catch {
    return { role: 'silent' };
  }
}

/** What a `hello` reply says of its server (manual: database command `hello`). */
export function readHello(hello: Document): MongoView {
  if (hello.msg === 'isdbgrid') return { role: 'router' };
  if (hello.isreplicaset === true) return { role: 'uninitiated' };
  const set = hello.setName as string | undefined;
  if (!set) return { role: 'standalone' };
  const role = hello.isWritablePrimary
    ? 'primary'
    : hello.secondary
      ? 'secondary'
      : hello.arbiterOnly
        ? 'arbiter'
        : 'recovering';
  return { role, set, primary: hello.primary, members: (hello.hosts as string[] | undefined)?.length };
}

/** `config.shards`, read from the config servers' primary: there whether or not a router runs. */
async function readShards(stack: Stack, nodes: readonly NodeView[], clients: Clients): Promise<ShardView[]> {
  const configServers = new Set(
    stack.services.filter((service) => service.args.includes('--configsvr')).map((service) => service.name),
  );
  const primary = nodes.find((node) => configServers.has(node.service) && node.mongo?.role === 'primary');
  if (!primary) return [];
  try {
    const shards = await clients
      .mongo(primary.service)
      .db('config')
      .collection<{ _id: string; host: string; draining?: boolean }>('shards')
      .find({}, { maxTimeMS: patience, sort: { _id: 1 } })
      .toArray();
    return shards.map(({ _id, host, draining }) => ({ id: _id, host, draining: draining === true }));
  } catch {
    return [];
  }
}

function absent(service: Service, runtime: Runtime): ServiceStatus {
  return {
    name: service.name,
    program: service.program,
    state: 'absent',
    address: runtime.address(service.name),
  };
}
