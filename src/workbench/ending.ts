import type { CourseSession, LabStanding } from './course-session.js';

/** How long a session may take to close after a signal: whoever sent it may send a harder one soon. */
const closingMs = 1000;

/** Closes a session, also one that is still being opened. */
export async function closeSession(session: Promise<CourseSession> | undefined): Promise<void> {
  await (await session?.catch(() => undefined))?.close();
}

/** As `closeSession`, however it ends, but no longer than a signal leaves time for. */
export async function closeSoon(session: Promise<CourseSession> | undefined): Promise<void> {
  const closed = closeSession(session).catch(() => {});
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, closingMs))]);
}

/** What the learner should know when he leaves: nothing where nothing runs. */
export function sayLabGoesOn(lab: LabStanding | undefined): void {
  if (lab?.stage === undefined) return;
  process.stdout.write(`The lab goes on running (${lab.stage}). mongo-scale-course down stops it.\n`);
}
