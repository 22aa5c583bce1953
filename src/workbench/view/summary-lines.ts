import { type StageSummary, summaryParts } from '../../grading/summary.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';

/** A stage as it went: what was passed, what was predicted and measured, which mistakes were met. */
export function summaryLines(summary: StageSummary, width: number): readonly string[] {
  return summaryParts(summary).flatMap(({ heading, lines }, index) => [
    ...(index === 0 ? [] : ['']),
    ...wrapText(theme.heading(heading), width),
    ...lines.flatMap((line) => wrapText(index === 0 && summary.complete ? theme.pass(line) : line, width)),
  ]);
}
