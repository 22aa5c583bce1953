import { faultsOf } from '../lab/faults/undo-faults.js';
import type { ServiceStatus } from '../lab/runtime.js';
import { dropped } from '../machine/debug-log.js';
import type { CourseSession } from './course-session.js';
import type { WorkbenchState } from './state/state.js';

/** How long a session may take to close after a signal: whoever sent it may send a harder one soon. */
const closingMs = 1000;

/** Closes a session, also one that is still being opened. */
export async function closeSession(session: Promise<CourseSession> | undefined): Promise<void> {
  await (await session?.catch(dropped))?.close();
}

/** As `closeSession`, however it ends, but no longer than a signal leaves time for. */
export async function closeSoon(session: Promise<CourseSession> | undefined): Promise<void> {
  const closed = closeSession(session).catch(dropped);
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, closingMs))]);
}

/** What was seen last of the lab. */
export type LastSeen = Pick<WorkbenchState, 'lab' | 'snapshot'>;

/** Says what the learner should know when he leaves: that his lab goes on, and what of it does not run. */
export function sayLabGoesOn(seen: LastSeen | undefined): void {
  for (const line of goodbyeLines(seen ?? { lab: undefined, snapshot: undefined }))
    process.stdout.write(`${line}\n`);
}

/** Nothing where nothing runs. */
export function goodbyeLines({ lab, snapshot }: LastSeen): readonly string[] {
  if (lab?.stage === undefined) return [];
  const statuses = snapshot?.nodes.map(({ status }) => status) ?? [];
  const faulty = new Set(faultsOf(statuses, lab.runtime).map(({ service }) => service));
  const down = statuses.filter(({ name }) => faulty.has(name));
  return [
    `The lab goes on running (${lab.stage}). mongo-scale-course down stops it.`,
    ...(down.length === 0
      ? []
      : [
          `Left as it is: ${down.map(stateText).join(', ')}. mongo-scale-course up ${lab.stage} brings back what is down.`,
        ]),
  ];
}

function stateText({ name, state }: ServiceStatus): string {
  return `${name} is ${state === 'running' ? 'isolated' : state}`;
}
