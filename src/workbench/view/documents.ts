import { keyContext } from '../keys/match.js';
import { wantedService, withoutOverlay } from '../state/selectors.js';
import type { DocumentPane, NodeDetails, WorkbenchState } from '../state/state.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import { wrapText } from '../text/wrap.js';
import { checksLines, checksSummary } from './checks-lines.js';
import { glossaryLines } from './glossary-lines.js';
import { labLines } from './lab-lines.js';
import { lessonLines } from './lesson-lines.js';
import { mistakesLines } from './mistakes-lines.js';
import { nodeLines } from './node-lines.js';
import { confirmLines, confirmTitle, helpLines, questionPromptLines, troubleLines } from './overlay-lines.js';
import { searchLines } from './search.js';
import { summaryLines } from './summary-lines.js';
import { workTitle } from './work-lines.js';

/** What a pane shows: all its lines, and the first that is to be seen. */
export interface PaneDocument {
  readonly title: string;
  readonly lines: readonly string[];
  readonly top: number;
}

/** The content of a pane of the lesson screen, at an inner width and height. */
export function paneDocument(
  pane: DocumentPane,
  state: WorkbenchState,
  inner: { width: number; height: number },
  markdown: MarkdownRenderer,
): PaneDocument {
  const { view, lab, snapshot, node } = state;
  const top = state.scroll[pane];
  if (view === undefined) return { title: '', lines: [], top };
  switch (pane) {
    case 'lesson':
      return {
        title: `${view.lesson.text.title} (${view.lesson.minutes} min)`,
        lines: lessonLines(
          view,
          { lab, stage: state.stages.find(({ id }) => id === view.lesson.stage) },
          inner.width,
          markdown,
        ),
        top,
      };
    case 'checks':
      return {
        title: `Checks: ${checksSummary(view)}`,
        lines: checksLines(view, lab, inner.width, markdown).lines,
        top,
      };
    case 'lab': {
      const marks = { chosen: node, wanted: wantedService(state), flashing: state.flashing };
      const { lines, chosenLine } = labLines({ lab, snapshot, ...marks, ...inner });
      return {
        title: lab?.stage === undefined ? 'Lab' : `Lab: ${lab.stage}, ${lab.runtime} runtime`,
        lines,
        top: topShowing(chosenLine, top, inner.height),
      };
    }
  }
}

/** What lies over the screen, at an inner width and height, or undefined. */
export function overlayDocument(
  state: WorkbenchState,
  { width, height }: { width: number; height: number },
  markdown: MarkdownRenderer,
): PaneDocument | undefined {
  const { overlay } = state;
  switch (overlay?.kind) {
    case undefined:
      return state.details && nodeDocument(state, state.details, { width, height });
    case 'help':
      return { title: 'Keys', lines: helpLines(keyContext(withoutOverlay(state)), width), top: overlay.top };
    case 'trouble':
      return {
        title: `${overlay.trouble.title}: failed`,
        lines: troubleLines(overlay.trouble, width),
        top: 0,
      };
    case 'told':
      return { title: overlay.title, lines: wrapText(overlay.message, width), top: 0 };
    case 'mistakes':
      return {
        title: 'Mistakes',
        lines: mistakesLines(overlay.lessons, width, markdown),
        top: overlay.top,
      };
    case 'glossary':
      return {
        title: 'Glossary',
        lines: glossaryLines(overlay, state.stages, width, markdown),
        top: overlay.top,
      };
    case 'summary':
      return { title: 'Outcome', lines: summaryLines(overlay.summary, width), top: overlay.top };
    case 'confirm': {
      const work = state.work === undefined ? '' : workTitle(state.work.target);
      const circumstances = { work, traffic: state.view?.lesson.traffic };
      const lines = confirmLines(overlay.what, circumstances, width);
      return { title: confirmTitle(overlay.what), lines, top: 0 };
    }
    case 'question': {
      const entry = state.view?.lesson.questions[overlay.index];
      if (entry === undefined) return undefined;
      return { title: 'Question', lines: questionPromptLines(entry, overlay, width, markdown), top: 0 };
    }
    case 'search': {
      const { lines, cursorLine } = searchLines({ ...state, overlay, width });
      return { title: 'Find a lesson', lines, top: topShowing(cursorLine, 0, height) };
    }
  }
}

function nodeDocument(
  state: WorkbenchState,
  details: NodeDetails,
  inner: { width: number; height: number },
): PaneDocument | undefined {
  const { snapshot } = state;
  const node = snapshot?.nodes.find(({ service }) => service === details.service);
  if (snapshot === undefined || node === undefined) return undefined;
  const lines = nodeLines({ node, snapshot, wanted: wantedService(state), log: details.log, ...inner });
  return { title: details.service, lines, top: 0 };
}

/** The nearest `top` at which `line` is seen. */
export function topShowing(line: number, top: number, height: number): number {
  return Math.max(line - height + 1, Math.min(top, line));
}
