import type { ShellAction } from './actions.js';
import { sameShell } from './shell-key.js';
import type { WorkbenchState } from './state.js';

/** The shell pane over time: open or not, what it shows, and whether keys go to it. */
export function reduceShell(state: WorkbenchState, action: ShellAction): WorkbenchState {
  const { shell } = state;
  switch (action.type) {
    case 'shells-changed': {
      const { entries } = action;
      const shown = entries.find((entry) => sameShell(entry, shell.shown));
      // How it ended is said in the border.
      const zoomed = shell.zoomed && shown?.ended === undefined;
      const changed = { ...state, shell: { ...shell, entries, zoomed } };
      // A shell that could not be started is gone again.
      const gone = shell.open && shown === undefined;
      return gone ? reduceShell(changed, { type: 'shell-closed' }) : changed;
    }
    case 'shell-shown':
      return {
        ...state,
        pane: 'shell',
        shell: { ...shell, shown: action.shell, open: true, mode: 'live', prefixed: false },
      };
    case 'shell-closed':
      return {
        ...state,
        pane: state.pane === 'shell' ? 'lesson' : state.pane,
        shell: { ...shell, open: false, zoomed: false, mode: 'live', prefixed: false },
      };
    case 'shell-left':
      return {
        ...state,
        pane: 'lesson',
        shell: { ...shell, zoomed: false, mode: 'live', prefixed: shell.zoomed ? 'zoom' : 'pane' },
      };
    case 'prefix-over':
      return shell.prefixed ? { ...state, shell: { ...shell, prefixed: false } } : state;
    case 'choosing-block':
      return { ...state, shell: { ...shell, choosingBlock: action.choosing } };
    case 'shell-zoomed':
      // Prefix and zoom key in a zoomed shell are the way back.
      return {
        ...state,
        pane: 'shell',
        shell: { ...shell, open: true, zoomed: shell.prefixed !== 'zoom', prefixed: false },
      };
    case 'shell-mode':
      return { ...state, pane: 'shell', shell: { ...shell, mode: action.mode, prefixed: false } };
  }
}
