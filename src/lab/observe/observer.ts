import type { Service, Stack } from '../compose/service.js';
import { startedForSet, tierOf } from '../compose/tier.js';
import type { Runtime, ServiceStatus } from '../runtime.js';
import type { Clients } from './clients.js';
import { withLag } from './hello.js';
import { openMongoPoller } from './mongo-poller.js';
import { openEdgeLogs } from './nginx-log.js';
import { openRedisPoller } from './redis-poller.js';
import { openShopPoller } from './shop-poller.js';
import type { NodeView, Snapshot } from './snapshot.js';
import { openStatsCache } from './stats-cache.js';
import { openTraefikPoller } from './traefik-poller.js';

/** Looks at the lab again and again, and remembers what is too dear to ask for each time. */
export interface Observer {
  /**
   * Looks at every service of the stack at once and puts what they say into one snapshot; who says nothing is in it
   * as silent. Throws only where the runtime itself cannot tell what runs, as with an engine that is gone
   * (`docker-not-running`).
   */
  look(stack: Stack): Promise<Snapshot>;
}

export function openObserver(runtime: Runtime, clients: Clients): Observer {
  const asking = openMongoPoller(clients);
  const askingRedis = openRedisPoller(clients);
  const askingGateway = openTraefikPoller();
  const edgeLogs = openEdgeLogs();
  const askingShops = openShopPoller();
  const figures = openStatsCache(
    clients,
    (address, stack) => stack.services.find(({ name }) => runtime.peerAddress(name) === address)?.name,
  );
  return {
    async look(stack) {
      const statuses = new Map((await runtime.services()).map((status) => [status.name, status]));
      const status = (service: Service) => statuses.get(service.name) ?? absent(service, runtime);
      const running = stack.services.map(status).filter(({ state }) => state === 'running');
      const [said, redises, gateways, shops] = await Promise.all([
        asking.of(running.filter(({ program }) => program === 'mongod' || program === 'mongos')),
        askingRedis.of(stack, running),
        askingGateway.of(stack, running),
        askingShops.of(running),
      ]);
      const edges = edgeLogs.of(stack);
      const nodes = withLag(
        stack.services.map((service) => ({
          node: nodeOf(service, status(service)),
          said: said.get(service.name),
        })),
      );
      const known = await figures.of(stack, nodes);
      return {
        takenAt: Date.now(),
        stage: stack.stage,
        runtime: runtime.kind,
        nodes: nodes.map(({ node }) => {
          const redis = redises.get(node.service);
          const gateway = gateways.get(node.service);
          const edge = edges.get(node.service);
          const shop = shops.get(node.service);
          return {
            ...node,
            ...(redis && { redis }),
            ...(gateway && { gateway }),
            ...(edge && { edge }),
            ...(shop && { shop }),
            ...known.nodes.get(node.service),
          };
        }),
        shards: known.shards,
        moves: known.moves,
      };
    },
  };
}

function nodeOf(service: Service, status: ServiceStatus): NodeView {
  const startedFor = startedForSet(service);
  return {
    service: service.name,
    tier: tierOf(service),
    ...(startedFor === undefined ? {} : { startedFor }),
    status,
  };
}

function absent(service: Service, runtime: Runtime): ServiceStatus {
  return {
    name: service.name,
    program: service.program,
    state: 'absent',
    address: runtime.address(service.name),
  };
}
