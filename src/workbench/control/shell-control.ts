import { keyContext } from '../keys/match.js';
import { createRawInput } from '../shell/raw-input.js';
import type { Shells } from '../shell/shells.js';
import { sameShell } from '../state/shell-key.js';
import type { Store } from '../state/store.js';
import { shellArea } from '../view/shell-area.js';
import type { Movement } from './movement.js';

/** What keys do to the shell pane. */
export interface ShellControl {
  /** Gives the shell what was typed while it has the keys; see `KeyboardTarget.onRaw`. */
  onRaw(input: string): string | undefined;
  move(movement: Movement): void;
  /** The next of the open shells. */
  next(): void;
  /** Closes the pane, and forgets the shell where it has ended. */
  close(): void;
  toLive(): void;
  scrollBack(): void;
}

interface ShellControlOptions {
  readonly store: Store;
  readonly shells: Shells;
  /** What is seen of the shell has changed without output of its own. */
  readonly repaint: () => void;
}

export function createShellControl({ store, shells, repaint }: ShellControlOptions): ShellControl {
  const { dispatch, getState } = store;
  const raw = createRawInput();

  const scroll = (lines: number): void => {
    const { shown } = getState().shell;
    if (shown !== undefined) shells.scroll(shown, lines);
    repaint();
  };
  const page = (): number => Math.max(1, (shellArea(getState())?.height ?? 0) - 3);

  return {
    onRaw(input) {
      const { shown } = getState().shell;
      if (shown === undefined || keyContext(getState()) !== 'shell') return undefined;
      const { parts, rest } = raw.take(input);
      for (const part of parts) shells.input(shown, part);
      if (rest !== undefined) dispatch({ type: 'shell-left' });
      return rest ?? '';
    },
    move(movement) {
      if (getState().shell.mode === 'live') dispatch({ type: 'shell-mode', mode: 'scrolling' });
      scroll(
        {
          up: -1,
          down: 1,
          'page-up': -page(),
          'page-down': page(),
          // More than is kept; a terminal stops at its first line.
          top: -1e6,
          bottom: Number.POSITIVE_INFINITY,
        }[movement],
      );
    },
    next() {
      const { entries, shown } = getState().shell;
      const index = entries.findIndex((entry) => sameShell(entry, shown));
      const entry = entries[(index + 1) % entries.length];
      if (entry !== undefined)
        dispatch({ type: 'shell-shown', shell: { service: entry.service, kind: entry.kind } });
    },
    close() {
      const { shown } = getState().shell;
      dispatch({ type: 'shell-closed' });
      if (shown !== undefined) shells.forget(shown);
    },
    toLive() {
      scroll(Number.POSITIVE_INFINITY);
      dispatch({ type: 'shell-mode', mode: 'live' });
    },
    scrollBack() {
      dispatch({ type: 'shell-mode', mode: 'scrolling' });
      scroll(-page());
    },
  };
}
