import type { FaultKind } from '../../lab/faults/faults.js';

/** `Kill shard2a` */
export function faultTitle(fault: FaultKind, service: string): string {
  return `${fault[0]?.toUpperCase()}${fault.slice(1)} ${service}`;
}

/** What it does to the server, and how to undo it. */
export const faultEffects: Readonly<Record<FaultKind, string>> = {
  stop: 'The server is told to end (SIGTERM) and does so in order, as for maintenance. Its data stays. U starts it again.',
  kill: 'The server ends at once (SIGKILL), as when the power fails: nothing is said to the others, nothing is tidied up. What was acknowledged and journaled stays. U starts it again.',
  pause:
    'The server stands still (SIGSTOP): it keeps its connections and answers nothing, as a machine that hangs. R lets it run on.',
  resume: 'The server runs on where it stood still.',
  isolate:
    'The server lives on, but it reaches nobody and nobody reaches it, as when a switch fails. J puts it back.',
  rejoin: 'The server is on the network again, under its own name.',
  start: 'The server starts on the data that it had.',
};
