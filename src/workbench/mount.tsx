import { render } from 'ink';
import type { LessonId } from '../course/types.js';
import { Workbench } from './components/workbench.js';
import { createController } from './control/controller.js';
import { endFlashes } from './control/flash.js';
import { followLogs } from './control/log-follower.js';
import { createRequests } from './control/requests.js';
import { createShellControl } from './control/shell-control.js';
import type { CourseSession } from './course-session.js';
import { createDemo } from './demo/demo.js';
import type { Pace } from './demo/typist.js';
import type { LastSeen } from './ending.js';
import { commandFor } from './keys/match.js';
import type { ShellTerminal } from './shell/load-terminal.js';
import { createShells, type Shells } from './shell/shells.js';
import { createShellPainter } from './shell-painter.js';
import { initialState } from './state/state.js';
import { createStore } from './state/store.js';
import type { Key } from './terminal/keys.js';
import type { MouseAction } from './terminal/mouse.js';
import type { HandOver } from './terminal/run-in-foreground.js';
import type { Screen } from './terminal/screen.js';
import { loadMarkdown, plainMarkdown } from './text/load-markdown.js';

interface MountOptions {
  readonly screen: Screen;
  readonly runInForeground: HandOver;
  /** Gives what shells need to be shown in a pane; undefined where they cannot be. */
  readonly loadTerminal: () => Promise<ShellTerminal | undefined>;
  /** Lessons whose solutions the course types itself, before the learner has the keys. */
  readonly demo?: { readonly lessons: readonly LessonId[]; readonly pace?: Pace } | undefined;
  /** Called when the learner wants to leave, and has confirmed where that breaks something off. */
  readonly quit: () => void;
}

/** The interface on a screen, apart from the process it runs in. */
export interface MountedWorkbench {
  /** Shows what the session says and lets keys work on it; until then only quitting works. */
  connect(session: CourseSession): void;
  onKey(key: Key): void;
  onMouse(action: MouseAction): void;
  /** See `KeyboardTarget.onRaw`. */
  onRaw(input: string): string | undefined;
  readonly shells: Pick<Shells, 'close' | 'kill'>;
  lastSeen(): LastSeen;
  unmount(): void;
}

/** Joins state, screen and session: events and keys change the state, and each change is drawn. */
export function mountWorkbench({
  screen,
  runInForeground,
  loadTerminal,
  demo: plan,
  quit,
}: MountOptions): MountedWorkbench {
  const store = createStore({ ...initialState(screen.size()), busy: 'Opening the course' });
  let markdown = plainMarkdown;
  let unsubscribe = (): void => {};
  let stopFollowing = (): void => {};
  let onKey = (key: Key): void => {
    if (commandFor('course', key.name) === 'quit') quit();
  };

  let stir = (): void => {};
  /** The learner has quit: what was on its way comes too late. */
  let gone = false;
  let onMouse = (_: MouseAction): void => {};
  let onRaw = (_: string): string | undefined => undefined;
  const shells: Shells = createShells({
    load: loadTerminal,
    onChange: () => store.dispatch({ type: 'shells-changed', entries: shells.entries() }),
    onOutput: (key) => painter.onOutput(key),
  });
  const painter = createShellPainter({ screen, shells, getState: store.getState });

  const tree = () => <Workbench state={store.getState()} markdown={markdown} />;
  const app = render(tree(), {
    stdout: screen.stdout,
    // Ink gives the screen whole frames, and leaves keys and console to us.
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const draw = oncePerTurn(() => {
    app.rerender(tree());
    painter.paint();
  });
  const stopDrawing = store.subscribe(draw);
  const stopFlashing = endFlashes(store);
  screen.onResize((size) => store.dispatch({ type: 'resized', size }));

  return {
    connect(session) {
      if (gone) return;
      const requests = createRequests({ store, session, shells, runInForeground });
      const shell = createShellControl({ store, shells, repaint: painter.paint });
      const demo = createDemo({ store, session, shells, requests, pace: plan?.pace });
      ({ onKey, onMouse } = createController({
        store,
        requests,
        demo,
        shell,
        markdown: () => markdown,
        quit,
      }));
      onRaw = shell.onRaw;
      stir = session.stir;
      store.dispatch({ type: 'busy', what: undefined });
      stopFollowing = followLogs(store, session);
      unsubscribe = session.subscribe((event) => store.dispatch({ type: 'session-event', event }));
      void loadMarkdown().then(async (loaded) => {
        markdown = loaded;
        draw();
        const inPane = await shells.load();
        if (plan !== undefined && inPane && !gone) await demo.play(plan.lessons);
      });
    },
    onKey(key) {
      stir();
      onKey(key);
    },
    onMouse(action) {
      stir();
      onMouse(action);
    },
    onRaw(input) {
      stir();
      return onRaw(input);
    },
    shells,
    lastSeen: store.getState,
    unmount() {
      gone = true;
      unsubscribe();
      stopFollowing();
      stopDrawing();
      stopFlashing();
      painter.stop();
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
