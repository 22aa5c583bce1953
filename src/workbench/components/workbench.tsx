import { Box, Text } from 'ink';
import type { WorkbenchState } from '../state/state.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import { bottomLine } from '../view/bottom-line.js';
import { footLines } from '../view/foot-lines.js';
import { headerLine } from '../view/header-lines.js';
import { layoutFor, smallest } from '../view/layout.js';
import { isZoomed } from '../view/shell-area.js';
import { CourseScreen } from './course-screen.js';
import { LessonScreen } from './lesson-screen.js';
import { Lines } from './lines.js';
import { WorkScreen } from './work-screen.js';

interface WorkbenchProps {
  readonly state: WorkbenchState;
  readonly markdown: MarkdownRenderer;
}

const screens = { course: CourseScreen, lesson: LessonScreen, work: WorkScreen };

/** The whole screen, as a function of the state. */
export function Workbench({ state, markdown }: WorkbenchProps) {
  const { size } = state;
  const foot = footLines(state, size.columns);
  const layout = layoutFor(size, foot.length, state.screen === 'lesson' && state.shell.open);
  if (layout.kind === 'too-small') return <TooSmall state={state} />;
  if (isZoomed(state)) return <Zoomed state={state} />;
  const Screen = screens[state.screen];
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Lines lines={[headerLine(state, size.columns)]} width={size.columns} />
      <Box height={layout.bodyHeight} flexShrink={0}>
        <Screen state={state} layout={layout} markdown={markdown} />
      </Box>
      {foot.length > 0 && <Lines lines={foot} width={size.columns} />}
      <Lines lines={[bottomLine(state, size.columns)]} width={size.columns} />
    </Box>
  );
}

/** The shell has the screen but for the keys: it is drawn into the free place. */
function Zoomed({ state }: { state: WorkbenchState }) {
  const { columns, rows } = state.size;
  return (
    <Box flexDirection="column" width={columns} height={rows} justifyContent="flex-end">
      <Lines lines={[bottomLine(state, columns)]} width={columns} />
    </Box>
  );
}

function TooSmall({ state: { size } }: { state: WorkbenchState }) {
  return (
    <Box width={size.columns} height={size.rows} flexDirection="column">
      <Text>
        {`This terminal has ${size.columns}x${size.rows} cells; the course needs ${smallest.columns}x${smallest.rows}. Make it larger, or press q to quit.`}
      </Text>
    </Box>
  );
}
