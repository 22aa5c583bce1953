/** The five stages, in the order they are taught. */
export const stageIds = ['single-node', 'sharding', 'replication', 'caching', 'gateway'] as const;
export type StageId = (typeof stageIds)[number];

/** A language is in this list once every stage and lesson has its text: the catalog of any other cannot be loaded. */
export const languages = ['en'] as const;
export type Language = (typeof languages)[number];

/** As many code blocks as a lesson may have for a shell: the workbench gives each a number, and a number is one key. */
export const numberedBlocks = 9;

/** `stage/lesson`, e.g. `sharding/add-shards`. Fixed: progress files and links depend on it. */
export type LessonId = `${StageId}/${string}`;

/**
 * What a learner reads of one lesson, in one language; each part is markdown. Addresses are still
 * placeholders (`{{address router1}}`): the lab fills them in.
 */
export interface LessonText {
  readonly language: Language;
  readonly title: string;
  /** The shop's trouble, the idea with its diagram, what to do, what to look at: in the file's own order. */
  readonly body: string;
  /** From a nudge to nearly there. */
  readonly hints: readonly [string, string, string];
  /** Shown once the lesson is passed: what happened, the mistake people make, the production note. */
  readonly debrief: string;
  /** By the mistake's id: its title and explanation. */
  readonly mistakes: ReadonlyMap<string, { readonly title: string; readonly text: string }>;
  /** By the question's id: what the learner is asked. */
  readonly questions: ReadonlyMap<string, string>;
  /** By the measurement's id: what is measured, in a few words. */
  readonly measurements: ReadonlyMap<string, string>;
}

/** The part of a lesson's `lesson.ts` that the course itself reads; `src/lesson/lesson.ts` has the rest. */
export interface LessonPlan {
  /** How long a learner takes, roughly. */
  readonly minutes: number;
  /** Lessons of other stages whose end state this one starts from; earlier ones of its own stage always count. */
  readonly needs: readonly LessonId[];
  readonly checks: readonly { readonly title: string }[];
  readonly mistakes: readonly { readonly id: string }[];
  readonly questions: readonly { readonly id: string }[];
  readonly measurements: readonly { readonly id: string }[];
}

export interface CourseLesson<Plan extends LessonPlan = LessonPlan> {
  readonly id: LessonId;
  readonly stage: StageId;
  readonly title: string;
  readonly plan: Plan;
  /** The folder of its texts. */
  readonly folder: string;
}

export interface CourseStage<Plan extends LessonPlan = LessonPlan> {
  readonly id: StageId;
  readonly title: string;
  readonly lessons: readonly CourseLesson<Plan>[];
  readonly folder: string;
}
