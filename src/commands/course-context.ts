import { type Catalog, loadCatalog } from '../course/catalog.js';
import { type Grader, openGrader } from '../grading/grader.js';
import type { Lesson } from '../lesson/lesson.js';
import { tellOfDamage } from './damaged-progress.js';
import { type LabContext, withLab } from './lab-context.js';
import type { CommonOptions } from './options.js';

/** What a command that has to do with lessons is given. */
export interface CourseContext extends LabContext {
  readonly catalog: Catalog<Lesson>;
  readonly grader: Grader;
}

/** As `withLab`, with the course and its grader, which is closed whatever happens. */
export function withCourse<T>(
  options: CommonOptions,
  work: (context: CourseContext) => Promise<T>,
): Promise<T> {
  return withLab(options, async (context) => {
    tellOfDamage(context.lab.home.progress);
    const catalog = await loadCatalog<Lesson>(options.lang);
    const grader = openGrader(context.lab, options.lang);
    try {
      return await work({ ...context, catalog, grader });
    } finally {
      await grader.close();
    }
  });
}
