import { overlayDocument } from '../view/documents.js';
import { innerSize } from '../view/layout.js';
import { workLines, workTitle } from '../view/work-lines.js';
import { Pane } from './pane.js';
import type { ScreenProps } from './screen-props.js';

/** Bringing a stage up or going to a lesson: what is done, what is under way, how it ended. */
export function WorkScreen({ state, layout, markdown }: ScreenProps) {
  const size = { width: layout.width, height: layout.bodyHeight };
  const inner = innerSize(size);
  const overlay = overlayDocument(state, inner, markdown);
  if (state.work === undefined) return null;
  const lines = workLines(state.work, inner.width);
  // The end is where things happen, until the learner looks elsewhere.
  const top = state.work.top ?? lines.length;
  const document = overlay ?? { title: workTitle(state.work.target), lines, top };
  return <Pane document={document} size={size} />;
}
