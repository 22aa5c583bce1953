import { Problem } from '../../problem.js';
import type { Runtime, RuntimeKind, ServiceState, ServiceStatus } from '../runtime.js';

/** What can be done to a service, so that a learner sees what the others do, and what brings it back. */
export const faultKinds = [
  'stop',
  'kill',
  'pause',
  'resume',
  'start',
  'isolate',
  'rejoin',
] as const satisfies (keyof Runtime)[];
export type FaultKind = (typeof faultKinds)[number];

/** What became of the service, in the words of an operator: `shard2a is …`. */
export const faultWords: Readonly<Record<FaultKind, string>> = {
  stop: 'stopped cleanly (SIGTERM)',
  kill: 'killed without warning (SIGKILL)',
  pause: 'paused: it keeps its connections and answers nothing',
  resume: 'running on',
  start: 'started',
  isolate: 'cut off the network: it lives, reaches nobody, and nobody reaches it',
  rejoin: 'on the network again',
};

/** Does it; resolves when it is done. Throws `docker-only` where the runtime cannot, and what the runtime throws. */
export async function makeFault(runtime: Runtime, fault: FaultKind, service: string): Promise<void> {
  const act = runtime[fault];
  if (!act) throw oneNetwork();
  await act(service);
}

const live: readonly ServiceState[] = ['running', 'paused', 'starting'];
const possible: Readonly<Record<FaultKind, readonly ServiceState[]>> = {
  stop: live,
  kill: live,
  pause: ['running'],
  resume: ['paused'],
  start: ['stopped', 'dead', 'absent'],
  isolate: ['running'],
  rejoin: ['running'],
};

/** Whether it would do anything to a service that is so. */
export function isPossible(
  fault: FaultKind,
  { state, detail }: Pick<ServiceStatus, 'state' | 'detail'>,
  runtime: RuntimeKind,
): boolean {
  if (!possible[fault].includes(state)) return false;
  if (fault !== 'isolate' && fault !== 'rejoin') return true;
  // Of a running service the detail says that it is isolated, and nothing else.
  return runtime === 'docker' && (detail === undefined) === (fault === 'isolate');
}

/** Local processes share the machine's one loopback network, which none of them can be taken off. */
function oneNetwork(): Problem {
  return new Problem(
    'docker-only',
    'This lab runs as processes of one machine, on one network: none of them can be cut off it.',
    {
      remedy:
        'fault pause comes nearest (the server keeps its connections and answers nobody); to cut one off for real, run the lab in containers: --runtime docker.',
    },
  );
}
