import { figureText } from '../../grading/figure.js';
import type { CheckVerdict, Figure } from '../../grading/verdict.js';
import type { LessonView } from '../state/state.js';
import { checksSummary, isLost, lookWith } from '../view/checks-lines.js';
import { verdictMarks } from '../view/glyphs.js';
import { plainMarkdown } from './markdown.js';

/** Every check with all that is known of it. */
export function checksText(view: LessonView, width: number): readonly string[] {
  return [
    `Checks: ${checksSummary(view)}.`,
    ...view.verdicts.flatMap((verdict, index) => checkText(view, index, verdict, width)),
    ...view.measured.map(figureLine),
  ];
}

/** A line a check. */
export function checksOverview(view: LessonView): readonly string[] {
  return [
    `Checks: ${checksSummary(view)}.`,
    ...view.verdicts.map((verdict, index) => checkLine(view, index, verdict)),
    ...view.measured.map(figureLine),
  ];
}

/** A measurement beside its prediction. */
export function figureLine(figure: Figure): string {
  return `  Measured: ${figure.title}: ${figureText(figure)}`;
}

/** One check: its state, what was observed and expected, the mistake where one was recognised. */
export function checkText(
  view: LessonView,
  index: number,
  verdict: CheckVerdict,
  width: number,
): readonly string[] {
  const lines = [`     observed: ${verdict.observed}`];
  if (verdict.state !== 'pass') {
    if (verdict.expected !== undefined) lines.push(`     expected: ${verdict.expected}`);
    if (verdict.explanation !== undefined) {
      lines.push(
        ...plainMarkdown(verdict.explanation, width - 5).map((line) => (line === '' ? '' : `     ${line}`)),
      );
    }
    const line = lookWith(verdict);
    if (line !== undefined) lines.push(`     look with: ${line}`);
  }
  return [checkLine(view, index, verdict), ...lines];
}

function checkLine(view: LessonView, index: number, verdict: CheckVerdict): string {
  const word = isLost(view, index)
    ? `${verdictMarks[verdict.state].word}, was passed`
    : verdictMarks[verdict.state].word;
  return `  ${index + 1}. ${word}: ${verdict.title} (on ${verdict.at})`;
}
