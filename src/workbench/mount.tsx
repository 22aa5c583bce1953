import { render } from 'ink';
import { Workbench } from './components/workbench.js';
import { createController } from './control/controller.js';
import { endFlashes } from './control/flash.js';
import { createRequests } from './control/requests.js';
import type { CourseSession, LabStanding } from './course-session.js';
import { commandFor } from './keys/match.js';
import { initialState } from './state/state.js';
import { createStore } from './state/store.js';
import type { HandOver } from './terminal/hand-over.js';
import type { Key } from './terminal/keys.js';
import type { Screen } from './terminal/screen.js';
import { loadMarkdown, plainMarkdown } from './text/load-markdown.js';

interface MountOptions {
  readonly screen: Screen;
  readonly handOver: HandOver;
  /** Called when the learner wants to leave, and has confirmed where that breaks something off. */
  readonly quit: () => void;
}

/** The interface on a screen, apart from the process it runs in. */
export interface MountedWorkbench {
  /** Shows what the session says and lets keys work on it; until then only quitting works. */
  connect(session: CourseSession): void;
  onKey(key: Key): void;
  lab(): LabStanding | undefined;
  unmount(): void;
}

/** Joins state, screen and session: events and keys change the state, and each change is drawn. */
export function mountWorkbench({ screen, handOver, quit }: MountOptions): MountedWorkbench {
  const store = createStore({ ...initialState(screen.size()), busy: 'Opening the course' });
  let markdown = plainMarkdown;
  let unsubscribe = (): void => {};
  let onKey = (key: Key): void => {
    if (commandFor('course', key.name) === 'quit') quit();
  };

  const tree = () => <Workbench state={store.getState()} markdown={markdown} />;
  const app = render(tree(), {
    stdout: screen.stdout,
    // Ink gives the screen whole frames, and leaves keys and console to us.
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const draw = oncePerTurn(() => app.rerender(tree()));
  const stopDrawing = store.subscribe(draw);
  const stopFlashing = endFlashes(store);
  screen.onResize((size) => store.dispatch({ type: 'resized', size }));

  return {
    connect(session) {
      const requests = createRequests({ store, session, handOver });
      onKey = createController({ store, requests, markdown: () => markdown, quit });
      store.dispatch({ type: 'busy', what: undefined });
      unsubscribe = session.subscribe((event) => store.dispatch({ type: 'session-event', event }));
      void loadMarkdown().then((loaded) => {
        markdown = loaded;
        draw();
      });
    },
    onKey: (key) => onKey(key),
    lab: () => store.getState().lab,
    unmount() {
      unsubscribe();
      stopDrawing();
      stopFlashing();
      app.unmount();
    },
  };
}

/** The same function, at most once per turn of the event loop, however often it is asked for. */
function oncePerTurn(task: () => void): () => void {
  let scheduled = false;
  return () => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      task();
    });
  };
}
