import * as z from 'zod';
import type { CourseLesson, LessonId, StageId } from '../../src/course/types.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { onlyAnswers } from './mistakes.js';

/** What `npm run prove` tells the lanes, in the variable of this name. */
export const planVariable = 'MSC_PROOF';

const planShape = z.object({
  runtime: z.enum(['docker', 'local']),
  /** Make only this mistake, without the solution. */
  mistake: z.string().optional(),
  /** Milliseconds since the epoch: a lesson whose turn comes later is skipped. */
  notAfter: z.number().optional(),
  /** The lessons of each lane, which has a lab and ports of its own. */
  lanes: z.array(z.array(z.string())),
});
export type Plan = z.infer<typeof planShape>;

/** The plan in the environment. @throws Error naming the command that makes one */
export function readPlan(env: NodeJS.ProcessEnv = process.env): Plan {
  const text = env[planVariable];
  if (text === undefined) throw new Error('No plan of what to prove. Start the proof with: npm run prove');
  return planShape.parse(JSON.parse(text));
}

/** As many lane files as there are. */
export const mostLanes = 6;
/** What a lab of the last stages takes beside the tests, in bytes. */
const memoryOfLab = 3 * 1024 ** 3;

/** How many labs a machine serves side by side: one a core, as far as its memory goes. */
export function lanesServed({ cores, freeMemory }: { cores: number; freeMemory: number }): number {
  return Math.max(1, Math.min(mostLanes, cores, Math.floor(freeMemory / memoryOfLab)));
}

type Weighed = Pick<CourseLesson<Lesson>, 'id' | 'stage' | 'plan'>;

/** Seconds of a restore at each stage, roughly: it grows with the servers that have to start again. */
const restores: Readonly<Record<StageId, number>> = {
  'single-node': 2,
  sharding: 4,
  replication: 10,
  caching: 5,
  gateway: 3,
};
const start = 3;
const solution = 10;
const exam = 110;

/** Seconds that the proof of a lesson takes, roughly, to give lanes the same work. */
export function secondsFor({ stage, plan }: Weighed): number {
  const exams = [...plan.solution, ...plan.mistakes.flatMap(({ after }) => after)].filter(
    ({ kind }) => kind === 'exam',
  ).length;
  const restored = plan.mistakes.filter((mistake) => !onlyAnswers(mistake)).length;
  return start + solution + restored * (restores[stage] + start) + exams * exam;
}

/**
 * Gives each lane a run of lessons that follow each other, of about the same work: what one leaves in its lab is most of
 * the way to the next. A lane that would have nothing to do is left out.
 */
export function intoLanes(lessons: readonly Weighed[], lanes: number): LessonId[][] {
  const total = lessons.reduce((sum, lesson) => sum + secondsFor(lesson), 0);
  const divided: LessonId[][] = Array.from({ length: lanes }, () => []);
  let before = 0;
  for (const lesson of lessons) {
    const seconds = secondsFor(lesson);
    // Where the middle of its work lies decides: a long one at the border goes to whom most of it falls.
    const at = Math.min(lanes - 1, Math.floor(((before + seconds / 2) / total) * lanes));
    divided[at]?.push(lesson.id);
    before += seconds;
  }
  return divided.filter((lane) => lane.length > 0);
}

/**
 * The same for lessons of which some matter more: each lane proves its part of those first, so that what is left when
 * the time is over is of the others.
 */
export function intoLanesByRank(ranks: readonly (readonly Weighed[])[], lanes: number): LessonId[][] {
  const divided = ranks.map((lessons) => intoLanes(lessons, lanes));
  const joined = Array.from({ length: lanes }, (_, lane) => divided.flatMap((rank) => rank[lane] ?? []));
  return joined.filter((lane) => lane.length > 0);
}
