import type { Command } from '../state/command.js';
import { mapOrder } from '../state/map-groups.js';
import type { PaneId, WorkbenchState } from '../state/state.js';
import type { Store } from '../state/store.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import { checksLines, expandedCheck } from '../view/checks-lines.js';
import { overlayDocument, paneDocument, topShowing } from '../view/documents.js';
import { footLines } from '../view/foot-lines.js';
import { clampTop } from '../view/frame.js';
import { innerSize, layoutFor, overlaySize, type PaneSize } from '../view/layout.js';
import { workLines } from '../view/work-lines.js';
import { neighbourLesson } from './lesson-order.js';

export type Movement = Extract<Command, 'up' | 'down' | 'page-up' | 'page-down' | 'top' | 'bottom'>;

/** Moves what the keys go to: the cursor of a list, or the text of a pane. */
export function move(movement: Movement, { getState, dispatch }: Store, markdown: MarkdownRenderer): void {
  const state = getState();
  const layout = layoutFor(state.size, footLines(state, state.size.columns).length, state.shell.open);
  if (layout.kind === 'too-small') return;

  const { overlay, work } = state;
  if (overlay !== undefined && 'top' in overlay) {
    const inner = innerSize(overlaySize(state, layout));
    const lines = overlayDocument(state, inner, markdown)?.lines.length ?? 0;
    const top = scrolled(movement, { top: overlay.top, lines, height: inner.height });
    dispatch({ type: 'overlay-opened', overlay: { ...overlay, top } });
    return;
  }
  if (state.screen === 'work' && work !== undefined) {
    const inner = innerSize({ width: layout.width, height: layout.bodyHeight });
    const lines = workLines(work, inner.width).length;
    const end = clampTop(lines, lines, inner.height);
    const top = scrolled(movement, { top: work.top ?? end, lines, height: inner.height });
    // Whoever goes back to the end follows it again.
    dispatch({ type: 'work-scrolled', top: top === end ? undefined : top });
    return;
  }
  if (state.screen === 'course') {
    moveCursor(movement, state, dispatch);
    return;
  }
  if (state.screen === 'lesson') movePane(state.pane, movement, { getState, dispatch }, markdown);
}

/** Moves one pane of the lesson screen, whether or not the keys go to it. */
export function movePane(
  pane: PaneId,
  movement: Movement,
  { getState, dispatch }: Pick<Store, 'getState' | 'dispatch'>,
  markdown: MarkdownRenderer,
): void {
  const state = getState();
  const layout = layoutFor(state.size, footLines(state, state.size.columns).length, state.shell.open);
  if (layout.kind === 'too-small' || pane === 'shell') return;
  if (pane === 'lab') moveNode(movement, state, dispatch);
  else if (pane === 'checks' && chooseCheck(movement, state, dispatch)) {
    // What is told in full now is brought into sight, from its beginning where it is higher than the pane.
    const inner = innerSize(layout.panes.checks);
    const { view, lab } = getState();
    if (view === undefined) return;
    const { first, last } = checksLines(view, lab, inner.width, markdown).expanded;
    const top = Math.min(first, topShowing(last, state.scroll.checks, inner.height));
    dispatch({ type: 'scrolled', pane, top });
  } else {
    const inner: PaneSize = innerSize(layout.panes[pane]);
    const { lines, top } = paneDocument(pane, state, inner, markdown);
    dispatch({
      type: 'scrolled',
      pane,
      top: scrolled(movement, { top, lines: lines.length, height: inner.height }),
    });
  }
}

/** The first visible line after a movement over `lines` lines, of which `height` are seen. */
export function scrolled(
  movement: Movement,
  { top, lines, height }: { top: number; lines: number; height: number },
): number {
  const page = Math.max(1, height - 1);
  const wanted = {
    up: top - 1,
    down: top + 1,
    'page-up': top - page,
    'page-down': top + page,
    top: 0,
    bottom: lines,
  };
  return clampTop(wanted[movement], lines, height);
}

function moveCursor(
  movement: Movement,
  { stages, cursor }: WorkbenchState,
  dispatch: Store['dispatch'],
): void {
  const ids = stages.flatMap((stage) => stage.lessons.map((lesson) => lesson.id));
  const ends = { top: ids[0], bottom: ids.at(-1) };
  const lesson =
    movement === 'top' || movement === 'bottom'
      ? ends[movement]
      : neighbourLesson(stages, cursor, movement === 'up' || movement === 'page-up' ? -1 : 1);
  if (lesson !== undefined) dispatch({ type: 'cursor-moved', lesson });
}

/** Chooses the check before or after the one told in full; false where there is none, or a page was asked for. */
function chooseCheck(
  movement: Movement,
  { view, lab }: WorkbenchState,
  dispatch: Store['dispatch'],
): boolean {
  if (view === undefined || (movement !== 'up' && movement !== 'down')) return false;
  if (lab !== undefined && lab.stage !== view.lesson.stage) return false;
  const from = expandedCheck(view);
  const to = from === undefined ? 0 : from + (movement === 'up' ? -1 : 1);
  if (view.verdicts[to] === undefined) return false;
  dispatch({ type: 'check-chosen', check: to });
  return true;
}

function moveNode(movement: Movement, { snapshot, node }: WorkbenchState, dispatch: Store['dispatch']): void {
  const names = snapshot === undefined ? [] : mapOrder(snapshot);
  const index = scrolled(movement, { top: names.indexOf(node ?? ''), lines: names.length, height: 1 });
  const next = names[index];
  if (next !== undefined) dispatch({ type: 'node-chosen', node: next });
}
