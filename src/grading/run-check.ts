import type { LabView } from '../lesson/lab-view.js';
import type { Check, Finding } from '../lesson/lesson.js';
import { withDeadline } from './deadline.js';
import { stateOfLab } from './lab-errors.js';

/** A finding, or the course's own failure to look. */
export type Outcome = Finding | { readonly state: 'error'; readonly observed: string };

/**
 * Runs one check's look. A node that is down or cannot answer yet is `pending`: that is a state of the lab. What
 * else goes wrong is `error`.
 */
export async function look(check: Check, lab: LabView): Promise<Outcome> {
  const node = lab.snapshot.nodes.find(({ service }) => service === check.at);
  if (node && node.status.state !== 'running' && !check.evenIfDown) {
    const { state, leftOut } = node.status;
    return {
      state: 'pending',
      observed: leftOut === undefined ? `${check.at} is ${state}` : `${check.at} is left out: ${leftOut}`,
      expected: `${check.at} running`,
    };
  }
  try {
    return await withDeadline(check.look(lab));
  } catch (error) {
    switch (stateOfLab(error)) {
      case 'silent':
        return {
          state: 'pending',
          observed: `${check.at} does not answer`,
          expected: `an answer from ${check.at}`,
        };
      case 'not ready':
        return {
          state: 'pending',
          observed: (error as Error).message,
          expected: `${check.at} ready to answer`,
        };
      case undefined:
        return { state: 'error', observed: error instanceof Error ? error.message : String(error) };
    }
  }
}
