import { render } from 'ink';
import { Workbench } from './components/workbench.js';
import { createController } from './control/controller.js';
import { createRequests } from './control/requests.js';
import type { CourseSession } from './course-session.js';
import { initialState } from './state/state.js';
import { createStore } from './state/store.js';
import { installExitPaths } from './terminal/exit-paths.js';
import { handOver } from './terminal/hand-over.js';
import { createKeyboard } from './terminal/keyboard.js';
import { logConsole } from './terminal/log-console.js';
import { createScreen } from './terminal/screen.js';
import { loadMarkdown, plainMarkdown } from './text/load-markdown.js';
import type { MarkdownRenderer } from './text/markdown.js';

interface RunOptions {
  readonly session: CourseSession;
  readonly logFile: string;
}

/** How long a session may take to close after a signal: whoever sent it may send a harder one soon. */
const closingMs = 1000;

/** Joins session, state, screen and keyboard; resolves when the learner quits. */
export async function runWorkbench({ session, logFile }: RunOptions): Promise<void> {
  const { stdin, stdout } = process;
  const restoreConsole = logConsole(logFile);
  const screen = createScreen(stdout);
  const store = createStore(initialState(screen.size()));
  let markdown: MarkdownRenderer = plainMarkdown;
  let quit = (): void => {};
  const ended = new Promise<void>((resolve) => {
    quit = resolve;
  });

  const keyboard = createKeyboard(stdin, (key) => onKey(key));
  const exitPaths = installExitPaths({
    restore() {
      screen.leave();
      stdin.setRawMode(false);
    },
    end: (code) => void closeWithin(closingMs, session).then(() => process.exit(code)),
  });
  const requests = createRequests({
    store,
    session,
    handOver: (invocation, greeting) =>
      handOver(invocation, { screen, keyboard, exitPaths, print: (text) => stdout.write(text) }, greeting),
  });
  const onKey = createController({ store, requests, markdown: () => markdown, quit: () => quit() });

  const app = render(<Workbench state={store.getState()} markdown={markdown} />, {
    stdout: screen.stdout,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const draw = drawOnce(() => app.rerender(<Workbench state={store.getState()} markdown={markdown} />));
  store.subscribe(draw);
  const unsubscribe = session.subscribe((event) => store.dispatch({ type: 'session-event', event }));
  screen.onResize((size) => store.dispatch({ type: 'resized', size }));
  screen.enter();
  keyboard.listen();
  void loadMarkdown().then((loaded) => {
    markdown = loaded;
    draw();
  });

  await ended;
  unsubscribe();
  keyboard.close();
  app.unmount();
  screen.close();
  exitPaths.remove();
  restoreConsole();
  const { lab } = store.getState();
  await session.close();
  if (lab?.stage !== undefined) {
    stdout.write(`The lab goes on running (${lab.stage}). mongo-scale-course down stops it.\n`);
  }
}

/** The same draw, at most once per turn of the event loop, however many actions came in it. */
function drawOnce(draw: () => void): () => void {
  let scheduled = false;
  return () => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      draw();
    });
  };
}

async function closeWithin(milliseconds: number, session: CourseSession): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  await Promise.race([session.close().catch(() => {}), late]);
}
