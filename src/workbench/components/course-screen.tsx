import { Box } from 'ink';
import { stageInSight } from '../state/selectors.js';
import { courseLines, stageLines, stageTitle } from '../view/course-lines.js';
import { overlayDocument, topShowing } from '../view/documents.js';
import { innerSize, overlaySize } from '../view/layout.js';
import { Pane } from './pane.js';
import type { ScreenProps } from './screen-props.js';

/** All stages and lessons, and what the stage under the cursor is about. */
export function CourseScreen({ state, layout, markdown }: ScreenProps) {
  const { list, stage } = layout.course;
  const inner = innerSize(list);
  const over = overlaySize(state, layout);
  const overlay = overlayDocument(state, innerSize(over), markdown);
  const { lines, cursorLine } = courseLines({ ...state, width: inner.width });
  // As far up as the cursor allows: the stage's header stays in sight.
  const top = topShowing(cursorLine, 0, inner.height - 1);
  if (overlay !== undefined && over !== list) return <Pane document={overlay} size={over} focused />;
  const entry = state.stages.find((candidate) => candidate.id === stageInSight(state));
  const about = entry === undefined ? [] : stageLines(entry, state, innerSize(stage).width, markdown);
  return (
    <Box flexDirection={layout.kind === 'wide' ? 'row' : 'column'}>
      <Pane document={overlay ?? { title: 'Lessons', lines, top }} size={list} focused />
      <Pane
        document={{ title: entry === undefined ? '' : stageTitle(entry), lines: about, top: 0 }}
        size={stage}
      />
    </Box>
  );
}
