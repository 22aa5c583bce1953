import type { LessonSource, LintFinding } from './source.js';

/** Top-level statements whose value can change while the program runs. */
const changeable = [/^let /, /^var /, /^const \w+(: (?!Readonly)[^=]*)? = new (Map|Set|WeakMap|WeakSet)\b/];

/**
 * A lesson keeps nothing in its module: a look from another process, or at another lab, would not know of it. What a
 * check has to keep it remembers (`lab.remember`).
 */
export function lintState({ planFile: file, planSource }: LessonSource): readonly LintFinding[] {
  return planSource.split('\n').flatMap((line, index) =>
    changeable.some((pattern) => pattern.test(line))
      ? [
          {
            where: `${file}:${index + 1}`,
            rule: 'module-state',
            message: 'is kept in the module; let the check remember it: lab.remember(name, amount)',
          },
        ]
      : [],
  );
}
