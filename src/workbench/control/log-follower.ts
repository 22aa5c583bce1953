import type { CourseSession } from '../course-session.js';
import type { Store } from '../state/store.js';

/** Milliseconds that lines are collected before they are drawn: a server that starts writes hundreds at once. */
const collectMs = 100;

/**
 * Follows the log of the node whose details are open, and of no other. Gives the function that stops it: what is
 * followed keeps the process alive.
 */
export function followLogs({ getState, dispatch, subscribe }: Store, session: CourseSession): () => void {
  let following: { service: string; end: AbortController } | undefined;

  const follow = async (service: string, signal: AbortSignal): Promise<void> => {
    let lines: string[] = [];
    let timer: NodeJS.Timeout | undefined;
    const flush = (): void => {
      clearTimeout(timer);
      timer = undefined;
      if (lines.length > 0 && !signal.aborted) dispatch({ type: 'log-came', service, lines });
      lines = [];
    };
    try {
      for await (const line of session.logs(service, signal)) {
        lines.push(line);
        timer ??= setTimeout(flush, collectMs);
      }
      flush();
    } catch (error) {
      flush();
      const why = error instanceof Error ? error.message : String(error);
      if (!signal.aborted) dispatch({ type: 'log-came', service, lines: [`The log cannot be read: ${why}`] });
    } finally {
      clearTimeout(timer);
    }
  };

  const change = (): void => {
    const service = getState().details?.service;
    if (service === following?.service) return;
    following?.end.abort();
    following = undefined;
    if (service === undefined) return;
    following = { service, end: new AbortController() };
    void follow(service, following.end.signal);
  };
  const unsubscribe = subscribe(change);
  return () => {
    unsubscribe();
    following?.end.abort();
  };
}
