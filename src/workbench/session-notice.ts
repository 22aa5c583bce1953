import { Problem } from '../problem.js';
import type { SessionEvent } from './course-session.js';

/** Whether another command took the stage down or changed it between two steps of a look: the next look sees that. */
export function isMeanwhile(error: unknown): boolean {
  return error instanceof Problem && ['stage-not-up', 'lab-not-up', 'unknown-service'].includes(error.code);
}

/** An error as the notice that the workbench shows. */
export function noticeOf(error: unknown): SessionEvent {
  const message = error instanceof Error ? error.message : String(error);
  return {
    kind: 'notice',
    notice: { message, remedy: error instanceof Problem ? error.remedy : undefined },
  };
}
