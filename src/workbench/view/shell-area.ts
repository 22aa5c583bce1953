import type { WorkbenchState } from '../state/state.js';
import type { Size } from '../terminal/screen.js';
import { footLines } from './foot-lines.js';
import { layoutFor } from './layout.js';

/** Where the shell is on the screen. */
export interface ShellArea {
  /** Its first row, from 0. */
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** A zoomed shell has no border. */
  readonly bordered: boolean;
}

/** Undefined while no shell is to be seen. */
export function shellArea(state: WorkbenchState): ShellArea | undefined {
  const { size, screen, shell, overlay, pane } = state;
  if (screen !== 'lesson' || !shell.open) return undefined;
  const layout = layoutFor(size, footLines(state, size.columns).length, true);
  if (layout.kind === 'too-small') return undefined;
  if (isZoomed(state)) return { top: 0, width: size.columns, height: size.rows - 1, bordered: false };
  const paneSize = layout.panes.shell;
  if (layout.kind === 'wide')
    return { top: 1 + layout.bodyHeight - paneSize.height, ...paneSize, bordered: true };
  // Below the header and the tabs.
  return pane === 'shell' && overlay === undefined ? { top: 2, ...paneSize, bordered: true } : undefined;
}

/** True where the shell has the whole screen. What lies over the lesson has to be seen first. */
export function isZoomed({ shell, overlay, screen, pane }: WorkbenchState): boolean {
  return screen === 'lesson' && pane === 'shell' && shell.open && shell.zoomed && overlay === undefined;
}

/** The size of the shell's own terminal. */
export function shellSize({ width, height, bordered }: ShellArea): Size {
  return bordered ? { columns: width - 2, rows: height - 2 } : { columns: width, rows: height };
}
