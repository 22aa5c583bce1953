import { join } from 'node:path';
import type { Lesson } from '../grading/lesson.js';
import { prepareHome, resolveHome } from '../home.js';
import type { CourseSession } from '../workbench/course-session.js';
import type { CommonOptions } from './options.js';

/** No command given: the workbench. */
export async function openWorkbenchCommand(options: CommonOptions): Promise<void> {
  const { openWorkbench } = await import('../workbench/open.js');
  await openWorkbench({
    logFile: join(resolveHome(options.home).logs, 'course.log'),
    openSession: () => openSession(options),
  });
}

async function openSession(options: CommonOptions): Promise<CourseSession> {
  const home = resolveHome(options.home);
  prepareHome(home);
  const [{ loadCatalog }, { openGrader }, { openLab }, { openLiveSession }] = await Promise.all([
    import('../course/catalog.js'),
    import('../grading/grader.js'),
    import('../lab/lab.js'),
    import('../workbench/live-session.js'),
  ]);
  const [lab, catalog] = await Promise.all([
    openLab(home, { runtime: options.runtime, portOffset: options.portOffset }),
    loadCatalog<Lesson>(options.lang),
  ]);
  return openLiveSession({ lab, catalog, grader: openGrader(lab, options.lang) });
}
