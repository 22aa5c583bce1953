import { Box } from 'ink';
import type { DocumentPane } from '../state/state.js';
import { overlayDocument, paneDocument } from '../view/documents.js';
import { tabsLine } from '../view/header-lines.js';
import { innerSize } from '../view/layout.js';
import { Lines } from './lines.js';
import { Pane } from './pane.js';
import type { ScreenProps } from './screen-props.js';

/**
 * The lesson, its checks and the lab side by side above the shell, or one at a time behind tabs. The shell's place
 * is left free: the screen draws it by itself.
 */
export function LessonScreen({ state, layout, markdown }: ScreenProps) {
  const main = layout.panes.lesson;
  const overlay = overlayDocument(state, innerSize(main), markdown);
  const pane = (id: DocumentPane) => {
    const size = layout.panes[id];
    const document = paneDocument(id, state, innerSize(size), markdown);
    const focused = layout.kind === 'wide' && overlay === undefined && state.pane === id;
    return <Pane document={document} size={size} focused={focused} />;
  };
  const over = overlay && <Pane document={overlay} size={main} focused />;

  if (layout.kind === 'tabs') {
    return (
      <Box flexDirection="column">
        <Lines lines={[tabsLine(state)]} width={layout.width} />
        {over ?? (state.pane !== 'shell' && pane(state.pane))}
      </Box>
    );
  }
  return (
    <Box>
      {over ?? pane('lesson')}
      <Box flexDirection="column">
        {pane('checks')}
        {pane('lab')}
      </Box>
    </Box>
  );
}
