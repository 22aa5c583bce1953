import { Agent, get } from 'node:http';
import { dropped } from '../../machine/debug-log.js';
import type { ServiceStatus } from '../runtime.js';
import { openCachedPoller } from './cached-poller.js';
import type { ShopView } from './snapshot.js';

/** Milliseconds a shop has to answer; it gives its database half a second. */
const patience = 1_000;

/** What the shops say of themselves. */
export interface ShopPoller {
  of(running: readonly ServiceStatus[]): Promise<ReadonlyMap<string, ShopView>>;
}

export function openShopPoller(): ShopPoller {
  const agent = new Agent({ keepAlive: true });
  // Each question to a shop is one to its database.
  const asking = openCachedPoller<ShopView>();
  return {
    of: (running) =>
      asking.of(
        running.filter(({ program }) => program === 'node'),
        ({ address }) => ask(address, agent),
      ),
  };
}

/** `GET /health`: 503 where the shop cannot sell, which is an answer too. */
async function ask(address: string, agent: Agent): Promise<ShopView> {
  try {
    const { status, topology } = JSON.parse(await fetchText(`http://${address}/health`, agent));
    return { status, topology };
  } catch (error) {
    dropped(error);
    return { status: 'silent' };
  }
}

/** By Node's own client, which is there: to load another takes longer than all that is asked with it. */
function fetchText(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, signal: AbortSignal.timeout(patience) }, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}
