import type { LessonId } from '../../course/types.js';
import type { Snapshot } from '../../lab/observe/snapshot.js';
import type { SessionEvent, StageEntry } from '../course-session.js';
import type { Action } from './actions.js';
import { changedBetween } from './changed.js';
import { mapOrder } from './map-groups.js';
import { reduceShell } from './shell.js';
import { type LessonView, type NodeDetails, none, topOfAll, type WorkbenchState } from './state.js';
import { reduceWork, startedWork } from './work.js';

/** The whole of the workbench's behaviour over time. Pure; gives back the same state where nothing changed. */
export function reduce(state: WorkbenchState, action: Action): WorkbenchState {
  const next = reduceAction(state, action);
  const seen = next.screen === 'lesson' && next.pane === 'lab' && next.snapshot !== undefined;
  return next.details === undefined || seen ? next : { ...next, details: undefined };
}

function reduceAction(state: WorkbenchState, action: Action): WorkbenchState {
  switch (action.type) {
    case 'resized':
      return { ...state, size: action.size };
    case 'session-event':
      return onSessionEvent(state, action.event);
    case 'demo':
      return { ...state, demo: action.demo };
    case 'demo-over':
      return { ...state, demo: undefined, demoOver: action.line };
    case 'busy':
      return state.busy === action.what ? state : { ...state, busy: action.what };
    case 'course-shown':
      return {
        ...state,
        screen: 'course',
        overlay: undefined,
        demoOver: undefined,
        cursor: state.view?.lesson.id ?? state.cursor,
      };
    case 'lesson-shown':
      return state.view === undefined ? state : { ...state, screen: 'lesson', overlay: undefined };
    case 'cursor-moved':
      return { ...state, cursor: action.lesson };
    case 'lesson-opened':
      return {
        ...state,
        demoOver: undefined,
        screen: 'lesson',
        overlay: undefined,
        pane: 'lesson',
        scroll: topOfAll,
        cursor: action.lesson.id,
        view: {
          lesson: action.lesson,
          verdicts: [],
          measured: [],
          passed: false,
          oncePassed: new Set(),
          hints: 0,
        },
      };
    case 'question-answered':
      return withView(state, (view) => ({
        ...view,
        lesson: {
          ...view.lesson,
          questions: view.lesson.questions.map((entry) =>
            entry.question.id === action.question ? { ...entry, answer: action.value } : entry,
          ),
        },
      }));
    case 'pane-chosen':
      return state.pane === action.pane ? state : { ...state, pane: action.pane };
    case 'scrolled':
      return state.scroll[action.pane] === action.top
        ? state
        : { ...state, scroll: { ...state.scroll, [action.pane]: action.top } };
    case 'node-chosen':
      return {
        ...state,
        node: action.node,
        details: state.details === undefined ? undefined : { service: action.node, log: [] },
      };
    case 'check-chosen':
      return withView(state, (view) => ({ ...view, chosenCheck: action.check }));
    case 'details-opened':
      return { ...state, details: { service: action.service, log: [] } };
    case 'details-closed':
      return state.details === undefined ? state : { ...state, details: undefined };
    case 'log-came':
      return state.details?.service === action.service
        ? { ...state, details: withLines(state.details, action.lines) }
        : state;
    case 'flash-over':
      return state.flashing.size === 0 ? state : { ...state, flashing: none };
    case 'hint-unfolded':
      return withView(state, (view) => ({
        ...view,
        hints: Math.min(view.hints + 1, view.lesson.text.hints.length),
      }));
    case 'overlay-opened':
      return { ...state, overlay: action.overlay };
    case 'overlay-closed':
      return state.overlay === undefined ? state : { ...state, overlay: undefined };
    case 'shells-changed':
    case 'shell-shown':
    case 'shell-closed':
    case 'shell-left':
    case 'prefix-over':
    case 'choosing-block':
    case 'shell-zoomed':
    case 'shell-mode':
      return reduceShell(state, action);
    case 'work-started':
      return { ...state, screen: 'work', overlay: undefined, work: startedWork(action.target) };
    case 'work-event':
    case 'work-ticked':
    case 'work-scrolled':
    case 'work-cancelling':
    case 'work-done':
    case 'work-cancelled':
    case 'work-failed':
      return withWork(state, action);
  }
}

function withWork(state: WorkbenchState, action: Parameters<typeof reduceWork>[1]): WorkbenchState {
  if (state.work === undefined) return state;
  const work = reduceWork(state.work, action);
  return work === state.work ? state : { ...state, work };
}

function onSessionEvent(state: WorkbenchState, event: SessionEvent): WorkbenchState {
  switch (event.kind) {
    case 'course':
      return {
        ...state,
        stages: event.stages,
        cursor: state.cursor ?? event.current ?? firstLesson(event.stages),
      };
    case 'lab':
      // What was seen of a lab that is gone must not be taken for a lab that is there.
      return event.lab.stage === undefined
        ? { ...state, lab: event.lab, snapshot: undefined, flashing: none }
        : { ...state, lab: event.lab };
    case 'snapshot':
      return {
        ...state,
        snapshot: event.snapshot,
        flashing: flashingAfter(state, event.snapshot),
        node: event.snapshot.nodes.some((node) => node.service === state.node)
          ? state.node
          : mapOrder(event.snapshot)[0],
      };
    case 'verdicts':
      // Verdicts of a lesson that was left meanwhile may still be under way.
      return state.view?.lesson.id === event.lesson
        ? withView(state, (view) => withVerdicts(view, event))
        : state;
    case 'traffic':
      return { ...state, traffic: event.traffic ?? undefined };
    case 'notice':
      return { ...state, notice: event.notice ?? undefined };
  }
}

/** More than any screen shows. */
const longestLog = 200;

function withLines(details: NodeDetails, lines: readonly string[]): NodeDetails {
  return { ...details, log: [...details.log, ...lines].slice(-longestLog) };
}

/** A flash goes on while others begin. */
function flashingAfter({ snapshot, flashing }: WorkbenchState, next: Snapshot): ReadonlySet<string> {
  const changed = snapshot === undefined ? [] : changedBetween(snapshot, next);
  return changed.length === 0 ? flashing : new Set([...flashing, ...changed]);
}

function withView(state: WorkbenchState, change: (view: LessonView) => LessonView): WorkbenchState {
  return state.view === undefined ? state : { ...state, view: change(state.view) };
}

type VerdictsEvent = Extract<SessionEvent, { kind: 'verdicts' }>;

function withVerdicts(view: LessonView, { checks: verdicts, passed, measured }: VerdictsEvent): LessonView {
  const nowPassed = verdicts.flatMap((verdict, index) => (verdict.state === 'pass' ? [index] : []));
  return { ...view, verdicts, passed, measured, oncePassed: new Set([...view.oncePassed, ...nowPassed]) };
}

function firstLesson(stages: readonly StageEntry[]): LessonId | undefined {
  return stages.flatMap((stage) => stage.lessons)[0]?.id;
}
