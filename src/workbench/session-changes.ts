import { isDeepStrictEqual } from 'node:util';
import type { SessionEvent } from './course-session.js';

type Listener = (event: SessionEvent) => void;

/** Passes events on to listeners, but only those that say something new. */
export interface Changes {
  say(event: SessionEvent): void;
  /** The next event of this kind is passed on whatever it says. */
  forget(kind: SessionEvent['kind']): void;
  subscribe(listener: Listener): () => void;
}

/** A listener is told at once what was said last of each kind. */
export function changesOnly(): Changes {
  const last = new Map<SessionEvent['kind'], SessionEvent>();
  const listeners = new Set<Listener>();
  return {
    say(event) {
      const before = last.get(event.kind);
      if (before && isDeepStrictEqual(timeless(before), timeless(event))) return;
      last.set(event.kind, event);
      for (const listener of listeners) listener(event);
    },
    forget(kind) {
      last.delete(kind);
    },
    subscribe(listener) {
      listeners.add(listener);
      for (const event of last.values()) listener(event);
      return () => listeners.delete(listener);
    },
  };
}

/** A snapshot that differs only in when it was taken says nothing new. */
function timeless(event: SessionEvent): unknown {
  return event.kind === 'snapshot' ? { ...event.snapshot, takenAt: 0 } : event;
}
