import type { PaneId, WorkbenchState } from '../state/state.js';
import type { Size } from '../terminal/screen.js';

/** Outer size of a pane, borders included. */
export interface PaneSize {
  readonly width: number;
  readonly height: number;
}

export type Layout =
  | { readonly kind: 'too-small' }
  | {
      /** `wide`: all panes side by side. `tabs`: one at a time. */
      readonly kind: 'wide' | 'tabs';
      readonly width: number;
      /** What is left between the header and the bottom line. */
      readonly bodyHeight: number;
      readonly panes: Readonly<Record<PaneId, PaneSize>>;
      /** Of the course screen: the list, and what the stage is about. */
      readonly course: { readonly list: PaneSize; readonly stage: PaneSize };
    };

export const smallest: Size = { columns: 60, rows: 18 };
const wideFrom = 100;
/** Lines longer than this are hard to read: what is over goes to the lab. */
const widestLesson = 104;

/** With borders: six rows of a shell are of use, fewer are not. */
const lowestShell = 8;

/**
 * How the terminal is divided. The lesson is never narrower than on the smallest terminal, which diagrams fit.
 * `footLines`: lines above the keys that are taken from the body. `shell`: whether its pane takes a part of it.
 */
export function layoutFor(size: Size, footLines = 0, shell = false): Layout {
  if (size.columns < smallest.columns || size.rows < smallest.rows) return { kind: 'too-small' };
  const width = size.columns;
  const bodyHeight = size.rows - 2 - footLines;
  if (width < wideFrom) {
    const listHeight = Math.ceil(bodyHeight * 0.6);
    // The tabs take a line.
    const pane = { width, height: bodyHeight - 1 };
    return {
      kind: 'tabs',
      width,
      bodyHeight,
      panes: { lesson: pane, checks: pane, lab: pane, shell: pane },
      course: { list: { width, height: listHeight }, stage: { width, height: bodyHeight - listHeight } },
    };
  }
  const lessonWidth = Math.min(widestLesson, Math.max(smallest.columns, Math.floor(width * 0.56)));
  const shellHeight = shell ? Math.max(lowestShell, Math.round(bodyHeight * 0.36)) : 0;
  const height = bodyHeight - shellHeight;
  const sideWidth = width - lessonWidth;
  const checksHeight = Math.ceil(height * 0.6);
  return {
    kind: 'wide',
    width,
    bodyHeight,
    panes: {
      lesson: { width: lessonWidth, height },
      checks: { width: sideWidth, height: checksHeight },
      lab: { width: sideWidth, height: height - checksHeight },
      shell: { width, height: shellHeight },
    },
    course: {
      list: { width: lessonWidth, height: bodyHeight },
      stage: { width: sideWidth, height: bodyHeight },
    },
  };
}

/**
 * The place of what lies over a screen: that of the list or the lesson; the whole body for a page to read where panes
 * are one at a time, or where there is none to be seen beside it.
 */
export function overlaySize(
  { screen, overlay }: Pick<WorkbenchState, 'screen' | 'overlay'>,
  { kind, width, bodyHeight, panes, course }: Exclude<Layout, { kind: 'too-small' }>,
): PaneSize {
  if (screen === 'lesson') return panes.lesson;
  const isPage = overlay !== undefined && 'top' in overlay;
  return screen === 'work' || (isPage && kind === 'tabs') ? { width, height: bodyHeight } : course.list;
}

/** Room for text in a pane: without borders and the blank beside them. */
export function innerSize(pane: PaneSize): PaneSize {
  return { width: pane.width - 4, height: pane.height - 2 };
}
