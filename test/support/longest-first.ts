import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes. Begun last, they would go on alone while the other workers have nothing left to do. */
const long = [
  'lessons-in-front',
  'lessons-databases',
  'shop-kill-primary',
  'router-faults',
  'workbench-exits',
];

/** Begins the long files first: vitest knows how long a file takes only where it has run before, and CI never has. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return byLength(await super.sort(files), ({ moduleId }) => moduleId);
  }
}

/** The files that are known to be long, the longest first, then the others as they were. */
export function byLength<T>(files: readonly T[], pathOf: (file: T) => string): T[] {
  const rank = (file: T): number => {
    const index = long.indexOf(basename(pathOf(file), '.test.ts'));
    return index < 0 ? long.length : index;
  };
  return files.toSorted((a, b) => rank(a) - rank(b));
}
