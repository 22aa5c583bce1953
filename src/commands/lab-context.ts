import { type Catalog, loadCatalog } from '../course/catalog.js';
import { type Grader, openGrader } from '../grading/grader.js';
import type { Lesson } from '../grading/lesson.js';
import { prepareHome, resolveHome } from '../home.js';
import { type Lab, openLab } from '../lab/lab.js';
import type { CommonOptions } from './options.js';

/** What a command that works on the lab is given. */
export interface LabContext {
  readonly lab: Lab;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** What a command that has to do with lessons is given. */
export interface CourseContext extends LabContext {
  readonly catalog: Catalog<Lesson>;
  readonly grader: Grader;
}

/** Opens the lab for `work`, and turns Ctrl-C and SIGTERM into its signal. */
export async function withLab<T>(
  options: CommonOptions,
  work: (context: LabContext) => Promise<T>,
): Promise<T> {
  const home = resolveHome(options.home);
  prepareHome(home);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    const lab = await openLab(home, { runtime: options.runtime, portOffset: options.portOffset });
    return await work({ lab, signal: interruption.signal });
  } finally {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }
}

/** As `withLab`, with the course and its grader, which is closed whatever happens. */
export function withCourse<T>(
  options: CommonOptions,
  work: (context: CourseContext) => Promise<T>,
): Promise<T> {
  return withLab(options, async (context) => {
    const catalog = await loadCatalog<Lesson>(options.lang);
    const grader = openGrader(context.lab, options.lang);
    try {
      return await work({ ...context, catalog, grader });
    } finally {
      await grader.close();
    }
  });
}
