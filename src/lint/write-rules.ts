import { startingSource } from '../lab/workspace/workspace.js';
import { blocksOf, fileLanguages, type LessonSource, type LintFinding, withoutSpaces } from './source.js';

/**
 * What a solution writes into a file of the workspace stands in the lesson's text, as far as it is new: a learner who
 * follows the course has what earlier solutions wrote.
 */
export function lintWrites(lessons: readonly LessonSource[]): readonly LintFinding[] {
  const texts = new Map<string, string>();
  return lessons.flatMap(({ file: where, source, plan }) => {
    const shown = withoutSpaces(blocksOf(source, fileLanguages).join('\n'));
    return plan.solution.flatMap((step): LintFinding[] => {
      if (step.kind !== 'write') return [];
      const before = new Set((texts.get(step.file) ?? startingSource(step.file)).split('\n'));
      texts.set(step.file, step.content);
      return step.content
        .split('\n')
        .filter((line) => !before.has(line) && !shown.includes(withoutSpaces(line)))
        .map((line) => ({
          where,
          rule: 'solution-not-shown',
          message: `the solution writes "${line.trim()}" into ${step.file}, and the text never shows it`,
        }));
    });
  });
}
