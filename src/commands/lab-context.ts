import { type Catalog, loadCatalog } from '../course/catalog.js';
import { type Grader, openGrader } from '../grading/grader.js';
import type { Lesson } from '../grading/lesson.js';
import { prepareHome, resolveHome } from '../home.js';
import { type Lab, openLab } from '../lab/lab.js';
import type { CommonOptions } from './options.js';

/** What a command that works on the lab is given. */
export interface LabContext {
  readonly lab: Lab;
  readonly catalog: Catalog<Lesson>;
  readonly grader: Grader;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** Opens home, lab, catalog and grader for `work`, and closes what was opened whatever happens. */
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
  const lab = await openLab(home, { runtime: options.runtime, portOffset: options.portOffset });
  const catalog = await loadCatalog<Lesson>(options.lang);
  const grader = openGrader(lab, options.lang);
  try {
    return await work({ lab, catalog, grader, signal: interruption.signal });
  } finally {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
    await grader.close();
  }
}
