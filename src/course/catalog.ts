import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, posix, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../package.js';
import { Problem, usageProblem } from '../problem.js';
import { lessonFolders, stageFolders } from './course-folders.js';
import { readTitledText } from './front-matter.js';
import { nearest } from './nearest.js';
import {
  type CourseLesson,
  type CourseStage,
  type Language,
  type LessonId,
  type LessonPlan,
  type LessonText,
  type StageId,
  stageIds,
} from './types.js';

/** What a lesson's module exports by default, which is its plan, if the module is one. */
type LoadModule = (folder: string) => Promise<{ readonly default?: unknown } | undefined>;

/** Where a course lies: the folder of its texts, and how the module of a lesson's folder is loaded. */
export interface CourseSource {
  readonly texts: string;
  readonly loadModule: LoadModule;
}

/** A course of another author, whose modules lie beside their texts as `lesson.mjs`. */
export function courseIn(texts: string): CourseSource {
  const fileOf = (folder: string) => join(texts, folder, 'lesson.mjs');
  return { texts, loadModule: (folder) => import(pathToFileURL(fileOf(folder)).href) };
}

const texts = join(packageRoot, 'lessons');

/** The course of this package. */
export const ownCourse: CourseSource = {
  texts,
  loadModule: async (folder) => (await import('./lesson-modules.js')).loadLessonModule(folder),
};

/** All that is taught, in order. */
export interface Catalog<Plan extends LessonPlan = LessonPlan> {
  readonly language: Language;
  readonly stages: readonly CourseStage<Plan>[];
  readonly lessons: readonly CourseLesson<Plan>[];
}

/**
 * Reads the course: the folder of each stage, the lessons that its `stage.en.md` lists, each with its `lesson` module
 * and its title in `language`. Plans are the modules' default exports.
 * Throws `course-invalid` with the file and the fault, for whoever writes lessons.
 */
export async function loadCatalog<Plan extends LessonPlan>(
  language: Language = 'en',
  course: CourseSource = ownCourse,
): Promise<Catalog<Plan>> {
  const all = await Promise.all(
    (await stageFolders(course.texts)).map((folder) => loadStage<Plan>(folder, language, course)),
  );
  // A stage whose servers run but that has no lesson yet teaches nothing: nobody is led into it.
  const stages = all.filter((stage) => stage.lessons.length > 0);
  const lessons = stages.flatMap((stage) => stage.lessons);
  checkNeeds(lessons);
  return { language, stages, lessons };
}

/** The lesson with this id. Throws `unknown-lesson` with the nearest ids. */
export function findLesson<Plan extends LessonPlan>(catalog: Catalog<Plan>, id: string): CourseLesson<Plan> {
  const ids = catalog.lessons.map((lesson) => lesson.id);
  const byName = catalog.lessons.filter((lesson) => lesson.id === id || lesson.id.endsWith(`/${id}`));
  const [lesson, ...others] = byName;
  if (lesson && others.length === 0) return lesson;
  throw usageProblem(
    'unknown-lesson',
    `There is no lesson "${id}".`,
    `Did you mean ${nearest(id, ids)}? All lessons: mongo-scale-course list`,
  );
}

/** The stage with this id. Throws `unknown-stage`, naming those there are. */
export function findStage<Plan extends LessonPlan>(catalog: Catalog<Plan>, id: string): CourseStage<Plan> {
  const stage = catalog.stages.find((candidate) => candidate.id === id);
  if (stage) return stage;
  throw usageProblem(
    'unknown-stage',
    `There is no stage "${id}".`,
    `Stages: ${catalog.stages.map((candidate) => candidate.id).join(', ')}.`,
  );
}

/** The text of a lesson. Throws `course-invalid` where there is none in this language, `lesson-text-invalid`. */
export async function loadLessonText(lesson: CourseLesson, language: Language): Promise<LessonText> {
  const { parseLessonText } = await import('./lesson-text.js');
  const file = textFile(lesson.folder, '', language);
  return parseLessonText(await readFile(file, 'utf8'), {
    file: relative(packageRoot, file),
    language,
    plan: lesson.plan,
  });
}

/** What a stage is about: the markdown of its `stage.LANG.md`. */
export async function loadStageText(stage: CourseStage, language: Language): Promise<string> {
  const file = textFile(stage.folder, 'stage.', language);
  return readTitledText(await readFile(file, 'utf8'))?.markdown.trim() ?? '';
}

/** The target and every lesson after it, in the order of the course. */
export function lessonsFrom<Plan extends LessonPlan>(
  { lessons }: Catalog<Plan>,
  target: CourseLesson<Plan>,
): readonly CourseLesson<Plan>[] {
  return lessons.slice(lessons.findIndex(({ id }) => id === target.id));
}

/** What has to be done before this lesson can start, in order: its stage so far, and whatever that needs. */
export function lessonsBefore<Plan extends LessonPlan>(
  catalog: Catalog<Plan>,
  target: CourseLesson<Plan>,
): readonly CourseLesson<Plan>[] {
  const wanted = new Set<LessonId>();
  const collect = (lesson: CourseLesson<Plan>): void => {
    const sameStage = catalog.lessons.filter((other) => other.stage === lesson.stage);
    const place = sameStage.findIndex(({ id }) => id === lesson.id);
    const earlier = sameStage.slice(0, place);
    const needed = catalog.lessons.filter((other) => lesson.plan.needs.includes(other.id));
    for (const other of [...needed, ...earlier]) {
      if (wanted.has(other.id)) continue;
      wanted.add(other.id);
      collect(other);
    }
  };
  collect(target);
  return catalog.lessons.filter((lesson) => wanted.has(lesson.id));
}

async function loadStage<Plan extends LessonPlan>(
  folder: string,
  language: Language,
  course: CourseSource,
): Promise<CourseStage<Plan>> {
  const id = folder;
  if (!isStageId(id)) throw invalid(`lessons/${folder}`, `is not a stage: stages are ${stageIds.join(', ')}`);
  const path = join(course.texts, folder);
  const { listed, faults } = await lessonFolders(path);
  if (faults[0] !== undefined) throw invalid(`lessons/${folder}`, faults[0]);
  const lessons = await Promise.all(
    listed.map(async (name): Promise<CourseLesson<Plan>> => {
      const lessonFolder = join(path, name);
      return {
        id: `${id}/${name}`,
        stage: id,
        title: await readTitle(lessonFolder, '', language),
        plan: await loadPlan<Plan>(posix.join(folder, name), course),
        folder: lessonFolder,
      };
    }),
  );
  return { id, title: await readTitle(path, 'stage.', language), lessons, folder: path };
}

/** The plan of one lesson folder (`sharding/add-shards`). Throws `course-invalid`. */
export async function loadPlan<Plan extends LessonPlan>(folder: string, course: CourseSource): Promise<Plan> {
  const name = `lessons/${folder}/lesson.ts`;
  const module = await course.loadModule(folder).catch((cause: unknown) => {
    throw invalid(name, `cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  });
  const plan = module?.default as Plan | undefined;
  if (!plan || !Array.isArray(plan.checks)) throw invalid(name, 'must export default lesson({ … })');
  if (plan.checks.length === 0) throw invalid(name, 'has no checks');
  if (!(plan.minutes > 0)) throw invalid(name, 'must say how many minutes it takes');
  return plan;
}

function checkNeeds(lessons: readonly CourseLesson[]): void {
  const known = new Set(lessons.map((lesson) => lesson.id));
  for (const lesson of lessons) {
    for (const need of lesson.plan.needs) {
      if (!known.has(need)) throw invalid(lesson.id, `needs "${need}", which is no lesson`);
    }
  }
}

async function readTitle(folder: string, prefix: string, language: Language): Promise<string> {
  const file = textFile(folder, prefix, language);
  const text = readTitledText(await readFile(file, 'utf8'));
  if (!text) throw invalid(relative(packageRoot, file), 'must begin with the lines "---", "title: …", "---"');
  return text.title;
}

function textFile(folder: string, prefix: string, language: Language): string {
  const file = join(folder, `${prefix}${language}.md`);
  if (!existsSync(file)) throw invalid(relative(packageRoot, folder), `has no ${prefix}${language}.md`);
  return file;
}

export function isStageId(id: string): id is StageId {
  return (stageIds as readonly string[]).includes(id);
}

function invalid(where: string, fault: string, cause?: unknown): Problem {
  return new Problem('course-invalid', `${where} ${fault}.`, { cause });
}
