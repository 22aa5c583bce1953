import { glossaryPattern, type Term } from '../course/glossary.js';
import type { LessonText } from '../course/types.js';
import { type LessonSource, type LintFinding, placeOf, proseOf } from './source.js';

/**
 * Words that are used before they are explained. The glossary says which lesson explains a word; no lesson before it,
 * in the course's order, may use it in a sentence.
 */
export function lintTerms(lessons: readonly LessonSource[], terms: readonly Term[]): readonly LintFinding[] {
  const order = new Map(lessons.map(({ id }, index): [string, number] => [id, index]));
  const prose = lessons.map(({ text }) => proseOf(sentencesOf(text).join('\n\n')));
  const firstOf = (stage: string): number | undefined => {
    const found = lessons.findIndex((lesson) => lesson.stage === stage);
    return found < 0 ? undefined : found;
  };
  return terms.flatMap((term): LintFinding[] => {
    const from = order.get(term.explained) ?? firstOf(term.explained);
    if (from === undefined) {
      return [
        {
          where: 'glossary.en.md',
          rule: 'term-without-lesson',
          message: `"${term.word}" is explained in ${term.explained}, which is neither a lesson nor a stage`,
        },
      ];
    }
    const pattern = glossaryPattern(term);
    return lessons.slice(0, from).flatMap(({ file, source }, index): LintFinding[] => {
      const found = pattern.exec(prose[index] ?? '')?.[0];
      if (found === undefined) return [];
      return [
        {
          where: placeOf(file, source, pattern),
          rule: 'word-before-its-lesson',
          message: `says "${found}", which ${term.explained} explains only later`,
        },
      ];
    });
  });
}

/** All that a learner reads of a lesson; what is asked and what went wrong is told him as well. */
function sentencesOf(text: LessonText): readonly string[] {
  return [
    text.title,
    text.body,
    ...text.hints,
    text.debrief,
    ...text.questions.values(),
    ...text.measurements.values(),
    ...[...text.mistakes.values()].flatMap(({ title, text: explanation }) => [title, explanation]),
  ];
}
