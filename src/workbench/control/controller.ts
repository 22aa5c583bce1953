import type { LessonId } from '../../course/types.js';
import type { FaultKind } from '../../lab/faults/faults.js';
import { commandFor, keyContext } from '../keys/match.js';
import type { Action } from '../state/actions.js';
import type { Command } from '../state/command.js';
import {
  checkInSight,
  codeInSight,
  isAvailable,
  stageInSight,
  unavailableReason,
} from '../state/selectors.js';
import { type Overlay, type PaneId, panes } from '../state/state.js';
import type { Store } from '../state/store.js';
import { isUnderWay } from '../state/work.js';
import type { Key } from '../terminal/keys.js';
import type { MouseAction } from '../terminal/mouse.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import { neighbourLesson } from './lesson-order.js';
import { type Movement, move } from './movement.js';
import { createPointing } from './pointing.js';
import { printable } from './printable.js';
import { createQuestioning } from './questioning.js';
import type { Requests } from './requests.js';
import { createSearching } from './searching.js';
import type { ShellControl } from './shell-control.js';

interface ControllerOptions {
  readonly shell: ShellControl;
  readonly store: Store;
  readonly requests: Requests;
  /** The demo that may be playing. */
  readonly demo: { togglePause(): void; leave(): void };
  readonly markdown: () => MarkdownRenderer;
  readonly quit: () => void;
}

/** What the keyboard and the mouse do. */
export interface Controller {
  readonly onKey: (key: Key) => void;
  readonly onMouse: (action: MouseAction) => void;
}

/** Turns keys into commands, and commands into actions on the state and requests to the session. */
export function createController({
  store,
  requests,
  demo,
  shell,
  markdown,
  quit,
}: ControllerOptions): Controller {
  const { dispatch, getState } = store;
  const questioning = createQuestioning(store, requests);
  const searching = createSearching(store);

  const openLesson = (lesson: LessonId | undefined): void => {
    if (lesson === undefined) return;
    if (lesson === getState().view?.lesson.id) dispatch({ type: 'lesson-shown' });
    else requests.openLesson(lesson);
  };

  const openNeighbour = (step: 1 | -1): void => {
    const { stages, view } = getState();
    const lesson = neighbourLesson(stages, view?.lesson.id, step);
    if (lesson === undefined) dispatch({ type: 'course-shown' });
    else requests.openLesson(lesson);
  };

  const lessonInSight = (): LessonId | undefined => {
    const { screen, view, cursor } = getState();
    return screen === 'lesson' ? view?.lesson.id : cursor;
  };

  const showPane = (pane: PaneId | undefined): void => {
    if (pane !== undefined) dispatch({ type: 'pane-chosen', pane });
  };

  const nextPane = (step: number): void => {
    const { pane, shell } = getState();
    const reachable = panes.filter((id) => id !== 'shell' || shell.open);
    showPane(reachable.at((reachable.indexOf(pane) + step) % reachable.length));
  };

  const leave = (): void => {
    // Else it would go on without a screen, and keep the process from ending.
    requests.cancelWork();
    demo.leave();
    quit();
  };

  const askToQuit = (): void => {
    const { overlay } = getState();
    const asked = overlay?.kind === 'confirm' && overlay.what.kind === 'quit';
    if (!isUnderWay(getState().work) || asked) leave();
    else dispatch({ type: 'overlay-opened', overlay: { kind: 'confirm', what: { kind: 'quit' } } });
  };

  const askToFault = (fault: FaultKind): void => {
    const { node } = getState();
    if (node === undefined) return;
    const what = { kind: 'fault', fault, service: node } as const;
    dispatch({ type: 'overlay-opened', overlay: { kind: 'confirm', what } });
  };

  const askToGo = (kind: 'goto' | 'undo', lesson: LessonId | undefined): void => {
    if (lesson === undefined) return;
    dispatch({ type: 'overlay-opened', overlay: { kind: 'confirm', what: { kind, lesson } } });
  };

  const askForTraffic = (): void => {
    const act = getState().traffic?.state === 'running' ? 'stop' : 'start';
    dispatch({ type: 'overlay-opened', overlay: { kind: 'confirm', what: { kind: 'traffic', act } } });
  };

  const confirmed = (): void => {
    const { overlay } = getState();
    if (overlay?.kind !== 'confirm') return;
    const { what } = overlay;
    if (what.kind === 'quit') leave();
    else if (what.kind === 'goto') requests.work({ kind: 'goto', lesson: what.lesson });
    else if (what.kind === 'undo') requests.work({ kind: 'goto', lesson: what.lesson, restart: true });
    else {
      dispatch({ type: 'overlay-closed' });
      if (what.kind === 'traffic') requests.traffic(what.act);
      else requests.fault(what.fault, what.service);
    }
  };

  /** Esc: closes what lies over the screen, else breaks off the work. */
  const cancel = (): void => {
    if (getState().shell.choosingBlock) dispatch({ type: 'choosing-block', choosing: false });
    else if (getState().overlay === undefined) requests.cancelWork();
    else dispatch({ type: 'overlay-closed' });
  };

  const dismiss = (): void => {
    const { overlay, details, screen, work, view } = getState();
    if (overlay !== undefined) dispatch({ type: 'overlay-closed' });
    else if (details !== undefined) dispatch({ type: 'details-closed' });
    else if (screen === 'work')
      leaveWork(work?.target.kind === 'goto' ? work.target.lesson : view?.lesson.id);
  };

  /** After the work: the lesson it was for, anew, since its addresses may have changed. */
  const leaveWork = (lesson: LessonId | undefined): void => {
    if (lesson === undefined || getState().work?.outcome.kind !== 'done') {
      dispatch({ type: getState().view === undefined ? 'course-shown' : 'lesson-shown' });
    } else requests.openLesson(lesson);
  };

  const run: Readonly<Record<Exclude<Command, Movement>, () => void>> = {
    'pause-demo': demo.togglePause,
    'leave-demo': demo.leave,
    open: () => openLesson(getState().cursor),
    search: searching.open,
    'next-lesson': () => openNeighbour(1),
    'previous-lesson': () => openNeighbour(-1),
    hint: () => {
      showPane('lesson');
      dispatch({ type: 'hint-unfolded' });
      move('bottom', store, markdown());
    },
    answer: questioning.ask,
    edit: requests.editFile,
    shell: () => requests.openShell(),
    'type-code': () => {
      const state = getState();
      const [block, ...more] = codeInSight(state);
      if (block === undefined) return;
      const check = state.pane === 'checks' && state.view ? checkInSight(state.view) : undefined;
      if (check !== undefined) requests.typeCode(block, check.reproduceAt?.service ?? check.at);
      else if (more.length > 0) dispatch({ type: 'choosing-block', choosing: true });
      else requests.typeCode(block);
    },
    // Its key says which; see below.
    'type-block': () => {},
    'system-shell': () => requests.openShell({ kind: 'system' }),
    'shell-pane': () => {
      if (getState().shell.open) showPane('shell');
      else requests.openShell();
    },
    // The prefix key is taken from what a shell is given, before it is a key.
    'leave-shell': () => dispatch({ type: 'shell-left' }),
    'live-shell': shell.toLive,
    'zoom-shell': () => dispatch({ type: 'shell-zoomed' }),
    'scroll-shell': shell.scrollBack,
    'next-shell': shell.next,
    'close-shell': shell.close,
    'reopen-shell': () => requests.openShell(getState().shell.shown),
    details: () => {
      const { node } = getState();
      if (node !== undefined) dispatch({ type: 'details-opened', service: node });
    },
    stop: () => askToFault('stop'),
    kill: () => askToFault('kill'),
    pause: () => askToFault('pause'),
    resume: () => askToFault('resume'),
    start: () => askToFault('start'),
    isolate: () => askToFault('isolate'),
    rejoin: () => askToFault('rejoin'),
    'bring-up': () => {
      const { stages } = getState();
      const stage = stages.find(({ id }) => id === stageInSight(getState()));
      if (stage !== undefined) requests.work({ kind: 'up', stage: stage.id });
    },
    traffic: askForTraffic,
    'go-to': () => askToGo('goto', lessonInSight()),
    undo: () => askToGo('undo', getState().view?.lesson.id),
    retry: () => {
      const { work } = getState();
      if (work !== undefined) requests.work(work.target);
    },
    'next-pane': () => nextPane(1),
    'previous-pane': () => nextPane(-1),
    'lesson-pane': () => showPane('lesson'),
    'checks-pane': () => showPane('checks'),
    'lab-pane': () => showPane('lab'),
    submit: () => {
      if (getState().overlay?.kind === 'search') openLesson(searching.chosen());
      else questioning.submit();
    },
    erase: () => {
      const { overlay } = getState();
      if (overlay?.kind === 'search') searching.erase();
      else if (overlay?.kind === 'glossary') dispatch(glossaryWith(overlay, overlay.draft.slice(0, -1)));
      else questioning.erase();
    },
    cancel,
    confirm: confirmed,
    dismiss,
    mistakes: requests.showMistakes,
    glossary: requests.showGlossary,
    summary: () => {
      const { stages } = getState();
      const stage = stages.find(({ id }) => id === stageInSight(getState()));
      if (stage !== undefined) requests.showSummary(stage.id);
    },
    'show-course': () => dispatch({ type: 'course-shown' }),
    help: () => dispatch({ type: 'overlay-opened', overlay: { kind: 'help', top: 0 } }),
    quit: askToQuit,
  };

  const press = (key: Key): void => {
    const state = getState();
    const context = keyContext(state);
    // After the prefix key, keys that mean nothing to the shell pane mean what they mean beside it.
    const command =
      commandFor(context, key.name) ??
      (context === 'shell-prefix' ? commandFor('lesson', key.name) : undefined);
    if (command === undefined) {
      if (context === 'number' && key.text !== undefined) questioning.type(key.text);
      if (context === 'search' && key.text !== undefined) searching.type(key.text);
      if (state.overlay?.kind === 'glossary' && key.text !== undefined) {
        dispatch(glossaryWith(state.overlay, state.overlay.draft + printable(key.text)));
      }
      return;
    }
    if (command === 'type-block') {
      const block = codeInSight(state)[Number(key.name) - 1];
      dispatch({ type: 'choosing-block', choosing: false });
      if (block !== undefined) requests.typeCode(block);
      return;
    }
    if (isMovement(command)) {
      if (context === 'choice') questioning.choose(command);
      else if (context === 'search') searching.move(command);
      else if (context === 'shell-scroll') shell.move(command);
      else move(command, store, markdown());
      return;
    }
    if (isAvailable(command, state)) run[command]();
    else {
      const message = unavailableReason(command, state);
      if (message === undefined) return;
      dispatch({ type: 'overlay-opened', overlay: { kind: 'told', title: 'Bring up', message } });
    }
  };

  return {
    onKey(key) {
      const { prefixed } = getState().shell;
      press(key);
      if (prefixed) dispatch({ type: 'prefix-over' });
    },
    onMouse: createPointing({ store, shell, markdown, openLesson }),
  };
}

/** The glossary with another word looked for, from its beginning. */
function glossaryWith(overlay: Extract<Overlay, { kind: 'glossary' }>, draft: string): Action {
  return { type: 'overlay-opened', overlay: { ...overlay, draft, top: 0 } };
}

const movements: ReadonlySet<Command> = new Set(['up', 'down', 'page-up', 'page-down', 'top', 'bottom']);

function isMovement(command: Command): command is Movement {
  return movements.has(command);
}
