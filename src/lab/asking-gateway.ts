import { parseRawData, type RawData } from './gateway-view.js';
import { patience } from './hello.js';
import type { ServiceStatus } from './runtime.js';
import type { Stack } from './service.js';
import type { GatewayView } from './snapshot.js';

/** Milliseconds between two questions: a gateway says nothing unasked, and at rest should cost nothing. */
const interval = 1_000;

/** What the gateways of a stack say of their rules, and of those they send customers to. */
export interface AskingGateway {
  of(stack: Stack, running: readonly ServiceStatus[]): Promise<ReadonlyMap<string, GatewayView>>;
}

export function openAskingGateway(): AskingGateway {
  const last = new Map<string, { at: number; process: string; view: GatewayView }>();
  return {
    async of(stack, running) {
      const gateways = running.filter(({ program }) => program === 'traefik');
      const views = await Promise.all(
        gateways.map(async ({ name, pid, since }) => {
          const at = Date.now();
          const process = [pid, since].join();
          const known = last.get(name);
          if (known && known.process === process && at - known.at < interval) return known.view;
          const view = await ask(name, stack);
          last.set(name, { at, process, view });
          return view;
        }),
      );
      return new Map(gateways.map(({ name }, index) => [name, views[index] as GatewayView]));
    },
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
  } catch {
    return { silent: true, routers: [], services: [], middlewares: [] };
  }
}
