import type { LessonId } from '../../course/types.js';
import type { WorkbenchState } from '../state/state.js';
import type { Store } from '../state/store.js';
import type { MouseAction } from '../terminal/mouse.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import { courseLines } from '../view/course-lines.js';
import { topShowing } from '../view/documents.js';
import { footLines } from '../view/foot-lines.js';
import { innerSize, layoutFor } from '../view/layout.js';
import { paneAt } from '../view/pane-at.js';
import { move, movePane } from './movement.js';
import type { ShellControl } from './shell-control.js';

interface PointingOptions {
  readonly store: Store;
  readonly shell: ShellControl;
  readonly markdown: () => MarkdownRenderer;
  readonly openLesson: (lesson: LessonId) => void;
}

/** Lines that one step of the wheel scrolls. */
const wheelLines = 3;

/** The mouse: the wheel scrolls what is under the pointer, a click gives a pane the keys or chooses a lesson. */
export function createPointing({
  store,
  shell,
  markdown,
  openLesson,
}: PointingOptions): (action: MouseAction) => void {
  const { dispatch, getState } = store;

  const wheel = (movement: 'up' | 'down', action: MouseAction): void => {
    const state = getState();
    const pane = paneAt(state, action.column, action.row);
    for (let line = 0; line < wheelLines; line++) {
      if (pane === 'shell') shell.move(movement);
      else if (pane !== undefined) movePane(pane, movement, store, markdown());
      else if (state.overlay !== undefined && 'top' in state.overlay) move(movement, store, markdown());
    }
    if (pane === undefined && state.screen === 'course' && state.overlay === undefined) {
      move(movement, store, markdown());
    }
  };

  const click = ({ column, row }: MouseAction): void => {
    const state = getState();
    const pane = paneAt(state, column, row);
    if (pane !== undefined && (pane !== 'shell' || state.shell.open)) dispatch({ type: 'pane-chosen', pane });
    const lesson = lessonAt(state, column, row);
    if (lesson === undefined) return;
    if (lesson === state.cursor) openLesson(lesson);
    else dispatch({ type: 'cursor-moved', lesson });
  };

  return (action) => {
    if (action.kind === 'click') click(action);
    else wheel(action.kind === 'wheel-up' ? 'up' : 'down', action);
  };
}

/** The lesson of the course list that is shown on a cell. */
function lessonAt(state: WorkbenchState, column: number, row: number): LessonId | undefined {
  if (state.screen !== 'course' || state.overlay !== undefined) return undefined;
  const layout = layoutFor(state.size, footLines(state, state.size.columns).length);
  if (layout.kind === 'too-small' || column >= layout.course.list.width) return undefined;
  const inner = innerSize(layout.course.list);
  const lineOf = (cursor: LessonId | undefined): number =>
    courseLines({ ...state, cursor, width: inner.width }).cursorLine;
  // The list is drawn from the line that keeps the cursor in sight; above it are the header and the border.
  const top = topShowing(lineOf(state.cursor), 0, inner.height - 1);
  const rowInList = row - 2;
  if (rowInList < 0 || rowInList >= inner.height) return undefined;
  const lessons = state.stages.flatMap((stage) => stage.lessons);
  return lessons.find(({ id }) => lineOf(id) === Math.max(0, top) + rowInList)?.id;
}
