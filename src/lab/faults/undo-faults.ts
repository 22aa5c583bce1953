import { Problem } from '../../problem.js';
import type { Runtime, ServiceStatus } from '../runtime.js';
import { type BalancerChange, undoBalancer } from './balancer.js';
import { type FaultKind, isPossible, makeFault } from './faults.js';
import { undoLocks } from './fsync-locks.js';

const remedies = ['start', 'resume', 'rejoin'] as const satisfies FaultKind[];
type Remedy = (typeof remedies)[number];

/** A service that was brought back; with a problem, one that could not be. */
export interface Undone {
  readonly service: string;
  readonly by: Remedy | 'unlock' | BalancerChange;
  readonly problem?: Problem | undefined;
}

/**
 * Brings back every service that was stopped, killed, paused or isolated, whoever did it and however long ago. A lab
 * of which nothing runs is left alone: it was taken down as a whole, or the machine was.
 */
export async function undoFaults(runtime: Runtime): Promise<readonly Undone[]> {
  const undone: Undone[] = [];
  // One after the other: each has the lab's lock until its server answers, and waits only so long for it.
  for (const { service, by } of faultsOf(await runtime.services(), runtime.kind)) {
    undone.push(await undo(runtime, service, by));
  }
  return undone;
}

async function undo(runtime: Runtime, service: string, by: Remedy): Promise<Undone> {
  try {
    await makeFault(runtime, by, service);
    return { service, by };
  } catch (error) {
    // A server that does not come up is no reason to refuse what the learner does next.
    if (error instanceof Problem) return { service, by, problem: error };
    throw error;
  }
}

/**
 * The same, and what the servers themselves were told: whoever leaves a lesson leaves no lock behind, and a balancer
 * that works.
 */
export async function undoAll(runtime: Runtime): Promise<readonly Undone[]> {
  const faults = await undoFaults(runtime);
  const locks = await undoLocks(runtime);
  const balancer = await undoBalancer(runtime);
  return [...faults, ...locks.map((service): Undone => ({ service, by: 'unlock' })), ...balancer];
}

/** Which services are not as a lab that is up has them, and what brings each back. */
export function faultsOf(
  statuses: readonly ServiceStatus[],
  runtime: Runtime['kind'],
): readonly { readonly service: string; readonly by: Remedy }[] {
  if (!statuses.some(({ state }) => state === 'running' || state === 'paused')) return [];
  return statuses.flatMap((status) => {
    const by = remedies.find((fault) => isPossible(fault, status, runtime));
    return by === undefined || status.leftOut !== undefined ? [] : [{ service: status.name, by }];
  });
}

/** What has become of a service. */
const words: Readonly<Record<Undone['by'], (service: string) => string>> = {
  start: (service) => `${service} was started again: a fault ends with its lesson.`,
  resume: (service) => `${service} goes on: a fault ends with its lesson.`,
  rejoin: (service) => `${service} is on the network again: a fault ends with its lesson.`,
  unlock: (service) => `${service} was unlocked: a fault ends with its lesson.`,
  balancer: () => 'The balancer was switched on again: later lessons need it.',
  window: () => 'The balancer works around the clock again: later lessons need it.',
};

/** What became of them, a sentence each; empty where nothing had to be brought back. */
export function undoneSentences(undone: readonly Undone[]): readonly string[] {
  return undone.map(({ service, by, problem }) =>
    problem ? `${service} could not be brought back: ${problem.message}` : words[by](service),
  );
}
