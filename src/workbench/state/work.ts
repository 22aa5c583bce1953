import { fileSentence } from '../../lab/workspace/file-event.js';
import type { GotoEvent } from '../../replay/goto-event.js';
import { routeSentence } from '../../replay/route-words.js';
import { typingLine } from '../../replay/typing.js';
import type { Action } from './actions.js';
import type { Replay, Work, WorkTarget } from './state.js';

export function startedWork(target: WorkTarget): Work {
  return {
    target,
    route: [],
    files: [],
    programs: [],
    services: [],
    replays: [],
    seconds: 0,
    top: undefined,
    outcome: { kind: 'running' },
  };
}

type WorkAction = Extract<
  Action,
  { type: `work-${'event' | 'ticked' | 'scrolled' | 'cancelling' | 'done' | 'cancelled' | 'failed'}` }
>;

export function reduceWork(work: Work, action: WorkAction): Work {
  switch (action.type) {
    case 'work-event':
      return onWorkEvent(work, action.event);
    case 'work-ticked':
      return { ...work, seconds: action.seconds };
    case 'work-scrolled':
      return work.top === action.top ? work : { ...work, top: action.top };
    case 'work-cancelling':
      return { ...work, outcome: { kind: 'cancelling' } };
    case 'work-done':
      return { ...work, outcome: { kind: 'done' } };
    case 'work-cancelled':
      return { ...work, outcome: { kind: 'cancelled' } };
    case 'work-failed':
      return { ...work, outcome: { kind: 'failed', trouble: action.trouble } };
  }
}

function onWorkEvent(work: Work, event: GotoEvent): Work {
  switch (event.kind) {
    case 'program':
      return { ...work, programs: latest(work.programs, event, (other) => other.program) };
    case 'service':
      return { ...work, services: latest(work.services, event, (other) => other.service) };
    case 'file':
      return { ...work, files: latest(work.files, event, fileSentence) };
    case 'undone':
      return event.undone.reduce((before, { service, problem }) => {
        const phase = problem ? 'failed' : 'ready';
        return onWorkEvent(before, { kind: 'service', service, phase, detail: problem?.message });
      }, work);
    case 'rebuild':
    case 'restore':
    case 'unusable':
    case 'not-kept':
      return { ...work, route: [...work.route, routeSentence(event)] };
    case 'replay':
      return withReplay(work, { lesson: event.lesson, phase: event.phase });
    case 'typing':
      return withReplay(work, {
        lesson: event.lesson,
        phase: 'typing',
        line: typingLine(event.typing),
      });
    case 'typed':
    case 'looked':
    case 'verdict':
      return work;
  }
}

function withReplay(work: Work, replay: Replay): Work {
  return { ...work, replays: latest(work.replays, replay, (other) => other.lesson) };
}

/** Puts an event in the place of the earlier one about the same thing, or at the end. */
function latest<Event>(
  events: readonly Event[],
  event: Event,
  about: (event: Event) => string,
): readonly Event[] {
  const index = events.findIndex((other) => about(other) === about(event));
  return index < 0 ? [...events, event] : events.with(index, event);
}

/** True while leaving would break something off. */
export function isUnderWay(work: Work | undefined): boolean {
  return work?.outcome.kind === 'running' || work?.outcome.kind === 'cancelling';
}
