import { Problem, usageProblem } from '../problem.js';
import type { Stack } from './compose/service.js';
import type { Runtime, RuntimeKind } from './runtime.js';

/** How services and files are named on a lab: what lesson texts and solutions have filled in. */
export type Places = Pick<Runtime, 'address' | 'peerAddress' | 'coursePath' | 'workspacePath'>;

/**
 * The addresses of a stack on a runtime, whether or not it is up: containers know each other by their names,
 * local processes by their ports; the learner's machine reaches both on 127.0.0.1. They throw as `unknownService`.
 */
export function addressesOf(
  stack: Stack | undefined,
  kind: RuntimeKind,
): Pick<Places, 'address' | 'peerAddress'> {
  const port = (name: string): number => {
    const service = stack?.services.find((candidate) => candidate.name === name);
    const own = service?.ports[0] ?? stack?.toCome?.[name];
    if (own === undefined) throw unknownService(name, stack);
    return own;
  };
  return {
    address: (service) => `127.0.0.1:${port(service)}`,
    peerAddress: (service) => `${kind === 'docker' ? service : '127.0.0.1'}:${port(service)}`,
  };
}

/** What to say of a service that the stack has not (`unknown-service`), or of any where no stage is up (`lab-not-up`). */
export function unknownService(name: string, stack: Stack | undefined): Problem {
  if (!stack) {
    return new Problem('lab-not-up', `There is no service '${name}': no stage has been started.`, {
      remedy: 'Start one: mongo-scale-course up',
    });
  }
  const names = stack.services.map((service) => service.name).join(', ');
  return usageProblem(
    'unknown-service',
    `Stage ${stack.stage} has no service '${name}'.`,
    `It has: ${names}.`,
  );
}
