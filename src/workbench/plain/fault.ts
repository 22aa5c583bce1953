import { type FaultKind, faultKinds } from '../../lab/faults/faults.js';
import { usageProblem } from '../../problem.js';

/** What `fault KIND SERVICE` asks for. Throws `unknown-fault` and `no-service`. */
export function parseFault(text: string): { readonly fault: FaultKind; readonly service: string } {
  const [kind = '', service, ...more] = text.split(' ');
  const fault = faultKinds.find((known) => known === kind.toLowerCase());
  if (fault === undefined) {
    throw usageProblem(
      'unknown-fault',
      kind === '' ? 'Which fault, and of which service?' : `There is no fault "${kind}".`,
      `There are ${faultKinds.join(', ')}: fault kill shard1a.`,
    );
  }
  if (service === undefined || more.length > 0) {
    throw usageProblem(
      'no-service',
      `After fault ${fault} comes the name of one service.`,
      `The word status names all: fault ${fault} shard1a.`,
    );
  }
  return { fault, service };
}
