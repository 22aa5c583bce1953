import type { Shells } from './shell/shells.js';
import { type ShellKey, sameShell } from './state/shell-key.js';
import type { WorkbenchState } from './state/state.js';
import type { Screen } from './terminal/screen.js';
import { shellArea, shellSize } from './view/shell-area.js';
import { shellLines } from './view/shell-lines.js';

/** Draws the shell that is seen, past Ink. */
export interface ShellPainter {
  /** Draws it now; takes it off the screen where none is to be seen. */
  paint(): void;
  /** A shell has printed something: draws it soon, where it is the one that is seen. */
  onOutput(key: ShellKey): void;
  stop(): void;
}

interface PainterOptions {
  readonly screen: Screen;
  readonly shells: Shells;
  readonly getState: () => WorkbenchState;
}

/** Pictures of a shell are at least this far apart: thirty a second. */
const frameMs = 33;

export function createShellPainter({ screen, shells, getState }: PainterOptions): ShellPainter {
  let timer: NodeJS.Timeout | undefined;
  let paintedAt = 0;
  let seen = false;

  const paint = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const state = getState();
    const area = shellArea(state);
    if (area === undefined || state.shell.shown === undefined) {
      if (seen) screen.inset(undefined);
      seen = false;
      return;
    }
    seen = true;
    paintedAt = performance.now();
    shells.resize(shellSize(area));
    const focused = state.pane === 'shell' && state.overlay === undefined;
    const cursor = focused && state.shell.mode === 'live';
    const view = shells.view(state.shell.shown, { cursor });
    screen.inset({ top: area.top, lines: shellLines({ area, shell: state.shell, view, focused }) });
  };

  return {
    paint,
    onOutput(key) {
      if (timer !== undefined || !seen || !sameShell(key, getState().shell.shown)) return;
      // The first output after a pause, which is mostly the echo of a key, is drawn at once.
      timer = setTimeout(paint, Math.max(0, paintedAt + frameMs - performance.now()));
    },
    stop: () => clearTimeout(timer),
  };
}
