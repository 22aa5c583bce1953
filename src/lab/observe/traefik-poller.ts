import { dropped } from '../../machine/debug-log.js';
import type { Stack } from '../compose/service.js';
import type { ServiceStatus } from '../runtime.js';
import { openCachedPoller } from './cached-poller.js';
import { patience } from './hello.js';
import type { GatewayView } from './snapshot.js';
import { parseRawData, type RawData } from './traefik-rawdata.js';

/** What the gateways of a stack say of their rules, and of those they send customers to. */
export interface TraefikPoller {
  of(stack: Stack, running: readonly ServiceStatus[]): Promise<ReadonlyMap<string, GatewayView>>;
}

export function openTraefikPoller(): TraefikPoller {
  const asking = openCachedPoller<GatewayView>();
  return {
    of: (stack, running) =>
      asking.of(
        running.filter(({ program }) => program === 'traefik'),
        ({ name }) => ask(name, stack),
      ),
  };
}

/** Its API is on its second port. */
async function ask(name: string, stack: Stack): Promise<GatewayView> {
  const port = stack.services.find((service) => service.name === name)?.ports[1];
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/rawdata`, {
      signal: AbortSignal.timeout(patience),
    });
    return parseRawData((await response.json()) as RawData, stack);
  } catch (error) {
    dropped(error);
    return { silent: true, routers: [], services: [], middlewares: [] };
  }
}
