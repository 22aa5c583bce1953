import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CourseSource, isStageId, loadPlan } from '../course/catalog.js';
import { lessonFolders, stageFolders } from '../course/course-folders.js';
import { loadGlossary } from '../course/glossary.js';
import { parseLessonText } from '../course/lesson-text.js';
import type { LessonId } from '../course/types.js';
import type { Lesson } from '../lesson/lesson.js';
import { lintPlan } from './plan-rules.js';
import type { LessonSource, LintFinding } from './source.js';
import { lintState } from './state-rules.js';
import { lintTerms } from './term-rules.js';
import { lintText } from './text-rules.js';
import { lintWrites } from './write-rules.js';

/** What a look over a course found. */
export interface LintReport {
  readonly lessons: number;
  readonly findings: readonly LintFinding[];
}

/**
 * Reads a whole course as its authors left it and says what is wrong with it, without running anything. A lesson
 * that cannot be read is one finding; the others are looked at all the same.
 */
export async function lintCourse(course: CourseSource): Promise<LintReport> {
  const findings: LintFinding[] = [];
  const lessons: LessonSource[] = [];
  let seen = 0;
  for (const stage of await stageFolders(course.texts)) {
    if (!isStageId(stage)) {
      findings.push({
        where: stage,
        rule: 'unknown-stage',
        message: 'is the folder of no stage of the course',
      });
      continue;
    }
    const { listed, faults } = await lessonFolders(join(course.texts, stage));
    for (const message of faults) findings.push({ where: stage, rule: 'lessons-not-listed', message });
    for (const name of listed) {
      seen += 1;
      const folder = join(stage, name);
      try {
        lessons.push(await readLesson(course, folder, `${stage}/${name}`, stage));
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        findings.push({ where: folder, rule: 'cannot-be-read', message });
      }
    }
  }
  const ids = new Set(lessons.map(({ id }) => id));
  for (const lesson of lessons) {
    findings.push(...lintText(lesson, course.texts), ...lintPlan(lesson), ...lintState(lesson));
    for (const need of lesson.plan.needs.filter((need) => !ids.has(need))) {
      findings.push({
        where: lesson.file,
        rule: 'unknown-need',
        message: `needs "${need}", which is no lesson`,
      });
    }
  }
  findings.push(...lintWrites(lessons), ...lintTerms(lessons, await loadGlossary(course.texts)));
  return { lessons: seen, findings };
}

async function readLesson(
  course: CourseSource,
  folder: string,
  id: LessonId,
  stage: LessonSource['stage'],
): Promise<LessonSource> {
  const file = join(folder, 'en.md');
  const path = join(course.texts, file);
  if (!existsSync(path)) throw new Error('has no en.md');
  const source = await readFile(path, 'utf8');
  const plan = await loadPlan<Lesson>(folder, course);
  const text = parseLessonText(source, { file, language: 'en', plan });
  // The package ships plans compiled, so that there may be no source.
  const planFile = ['lesson.ts', 'lesson.mjs']
    .map((name) => join(folder, name))
    .find((name) => existsSync(join(course.texts, name)));
  const planSource = planFile === undefined ? '' : await readFile(join(course.texts, planFile), 'utf8');
  return { id, stage, file, source, planFile: planFile ?? file, planSource, plan, text };
}
