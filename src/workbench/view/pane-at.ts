import type { PaneId, WorkbenchState } from '../state/state.js';
import { footLines } from './foot-lines.js';
import { tabAt } from './header-lines.js';
import { layoutFor } from './layout.js';
import { isZoomed, shellArea } from './shell-area.js';

/** Of the lesson screen: the pane, or the tab of the pane, that a cell (from 0) belongs to. */
export function paneAt(state: WorkbenchState, column: number, row: number): PaneId | undefined {
  if (state.screen !== 'lesson' || state.overlay !== undefined) return undefined;
  if (isZoomed(state)) return 'shell';
  const { size } = state;
  const layout = layoutFor(size, footLines(state, size.columns).length, state.shell.open);
  if (layout.kind === 'too-small' || row < 1 || row > layout.bodyHeight) return undefined;
  if (layout.kind === 'tabs') return row === 1 ? tabAt(state, column) : state.pane;
  const shell = shellArea(state);
  if (shell !== undefined && row >= shell.top) return 'shell';
  if (column < layout.panes.lesson.width) return 'lesson';
  return row <= layout.panes.checks.height ? 'checks' : 'lab';
}
