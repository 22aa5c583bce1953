import type { GotoEvent } from './goto-event.js';

/** What `goto` says about where it starts from. */
export type RouteEvent = Extract<GotoEvent, { kind: 'rebuild' | 'restore' | 'unusable' | 'not-kept' }>;

/** Whether an event says where `goto` starts from. */
export function isRoute(event: GotoEvent): event is RouteEvent {
  return ['rebuild', 'restore', 'unusable', 'not-kept'].includes(event.kind);
}

/** Begins and ends the wait for a checkpoint's data: until the first server starts on it. */
export function noteRestore(
  waits: { begin(name: string, doing: string): void; end(name: string): void },
  event: GotoEvent,
): void {
  if (event.kind === 'restore') waits.begin('its data', 'copying');
  const isOver = event.kind === 'unusable' || (event.kind === 'service' && event.phase === 'starting');
  if (isOver) waits.end('its data');
}

/** One sentence for all front ends. */
export function routeSentence(event: RouteEvent): string {
  switch (event.kind) {
    case 'rebuild':
      return `Starting from an empty lab, because ${event.reason}.`;
    case 'restore': {
      const why = event.reason === undefined ? '' : `, because ${event.reason}`;
      return `Restoring the checkpoint of ${event.lesson}${why}.`;
    }
    case 'unusable':
      return `The checkpoint ${event.name} is passed over. ${event.problem.message}`;
    case 'not-kept':
      return `No checkpoint is taken here. ${event.problem.message}`;
  }
}

/** What `undo` does, in all front ends. */
export const undoEffect =
  'The lab goes back to the start of this lesson: from its checkpoint, which takes seconds, or by typing the solutions before it. Your changes to its data are thrown away. Files that you changed are kept beside; your progress is kept.';

/** What the restore of a checkpoint does, in all front ends. */
export function restoreEffect(name: string): string {
  return `The lab goes back to the checkpoint ${name}. Later changes to its data are thrown away. Files that you changed are kept beside; your progress is kept.`;
}
