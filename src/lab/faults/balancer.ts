import type { MongoClient } from 'mongodb';
import { dropped } from '../../machine/debug-log.js';
import { tierOf } from '../compose/tier.js';
import type { Runtime } from '../runtime.js';

/** What a learner had changed of the balancer: it was switched off, or allowed some hours only. */
export type BalancerChange = 'balancer' | 'window';

/** Milliseconds in which a router says how the balancer is, or is passed over: nobody waits for a cluster that is down. */
const patience = 2_000;

interface Settings {
  readonly _id: string;
  readonly mode?: string;
  readonly stopped?: boolean;
  readonly activeWindow?: unknown;
}

/** Lets the balancer work around the clock again, through this router. Gives what had been changed. */
export async function undoBalancerBy(router: MongoClient): Promise<readonly BalancerChange[]> {
  const options = { signal: AbortSignal.timeout(patience) };
  const settings = router.db('config').collection<Settings>('settings');
  const found = await settings.findOne({ _id: 'balancer' }, options);
  const undone: BalancerChange[] = [];
  if (found?.stopped === true || (found?.mode ?? 'full') !== 'full') {
    await router.db('admin').command({ balancerStart: 1 }, options);
    undone.push('balancer');
  }
  if (found?.activeWindow !== undefined) {
    const updates = [{ q: { _id: 'balancer' }, u: { $unset: { activeWindow: '' } } }];
    // As a command, because the driver's `updateOne` cannot be given up.
    await router.db('config').command({ update: 'settings', updates }, options);
    undone.push('window');
  }
  return undone;
}

/**
 * The same through the first router that answers: a balancer that was left off, or its hours, would hold up every later
 * lesson that waits for ranges to move. Without such a router nothing is done.
 */
export async function undoBalancer(
  runtime: Runtime,
): Promise<readonly { readonly service: string; readonly by: BalancerChange }[]> {
  const routers = (await runtime.services()).filter(
    ({ program, state }) => program === 'mongos' && state === 'running',
  );
  if (routers.length === 0 || !(await hasConfigSet(runtime))) return [];
  // Here, because every command loads this module, and few need the driver.
  const { openClients } = await import('../observe/clients.js');
  const clients = openClients(runtime);
  try {
    for (const { name: service } of routers) {
      const undone = await undoBalancerBy(clients.mongo(service)).catch(dropped);
      if (undone) return undone.map((by) => ({ service, by }));
    }
    return [];
  } finally {
    await clients.close();
  }
}

/**
 * False where every config server says that it is not initiated. Routers have nothing to say then, and would be waited
 * for in each lab that is only being built.
 */
async function hasConfigSet(runtime: Runtime): Promise<boolean> {
  const servers = runtime.stack()?.services.filter((service) => tierOf(service) === 'config') ?? [];
  const { mongodCommand } = await import('../replica-sets/mongod-command.js');
  const replies = await Promise.all(
    servers.map(({ ports }) => mongodCommand(ports[0] as number, { hello: 1 }, { within: patience })),
  );
  return replies.length === 0 || replies.some((reply) => !reply || reply.setName !== undefined);
}
