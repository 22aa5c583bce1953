import type { Term } from '../../course/glossary.js';
import type { MistakesOfLesson } from '../../grading/met-mistakes.js';
import { dayText, type StageSummary, summaryParts } from '../../grading/summary.js';
import { wrapText } from '../text/wrap.js';
import { plainMarkdown } from './markdown.js';

/** The mistakes that were met, in full; of the others what may be known. */
export function mistakesText(lessons: readonly MistakesOfLesson[], width: number): readonly string[] {
  return lessons.flatMap(({ lesson, title, mistakes, hidden }) => [
    `${title} (${lesson})`,
    ...mistakes.flatMap(({ title: mistake, met }) =>
      met === undefined
        ? [`  Not met: ${mistake}.`]
        : [
            `  Met on ${dayText(met.at)}: ${mistake}.`,
            ...plainMarkdown(met.explanation, width - 4).map((line) => `    ${line}`),
          ],
    ),
    ...(hidden > 0 ? [`  ${hidden} to be met.`] : []),
  ]);
}

export function glossaryText(terms: readonly Term[], width: number): readonly string[] {
  return terms.flatMap(({ word, meaning, explained }) => [
    `${word}: explained in ${explained}`,
    ...plainMarkdown(meaning, width - 2).map((line) => `  ${line}`),
  ]);
}

export function summaryText(summary: StageSummary, width: number): readonly string[] {
  return summaryParts(summary).flatMap(({ heading, lines }) => [
    heading,
    ...lines.flatMap((line) => wrapText(`  ${line}`, width)),
  ]);
}
