import type { WorkbenchState } from '../state/state.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import type { Layout } from '../view/layout.js';

/** What every screen is given. */
export interface ScreenProps {
  readonly state: WorkbenchState;
  readonly layout: Exclude<Layout, { kind: 'too-small' }>;
  readonly markdown: MarkdownRenderer;
}
