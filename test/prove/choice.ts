import type { LessonId, StageId } from '../../src/course/types.js';

type Listed = { readonly id: LessonId; readonly stage: StageId };

/** Of a whole that is proven in parts, the part whose turn it is: another with another commit. */
const parts = 5;

/** A fifth of the lessons: which, the commit's hash says, so that it can be had again. */
export function fifthOf<L extends Listed>(lessons: readonly L[], commit: string): readonly L[] {
  const turn = turnOf(commit, parts);
  return lessons.filter((_, index) => index % parts === turn);
}

/** One lesson of each stage, which the commit's hash says, for a change that any lesson may depend on. */
export function oneOfEachStage<L extends Listed>(lessons: readonly L[], commit: string): readonly L[] {
  const stages = [...new Set(lessons.map(({ stage }) => stage))];
  return stages.flatMap((stage) => {
    const own = lessons.filter((lesson) => lesson.stage === stage);
    const chosen = own[turnOf(commit, own.length)];
    return chosen ? [chosen] : [];
  });
}

function turnOf(commit: string, length: number): number {
  return Number.parseInt(commit.slice(0, 8), 16) % length;
}
