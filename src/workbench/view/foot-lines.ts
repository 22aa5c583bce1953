import type { WorkbenchState } from '../state/state.js';
import { noticeLines } from './header-lines.js';
import { trafficLine } from './traffic-line.js';

/** What stands between the panes and the keys: a notice, and how the shop's customers fare. */
export function footLines(state: WorkbenchState, width: number): readonly string[] {
  return [...noticeLines(state, width), ...trafficLine(state, width)];
}
