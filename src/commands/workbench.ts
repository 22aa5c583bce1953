import { loadCatalog } from '../course/catalog.js';
import type { LessonId } from '../course/types.js';
import { prepareHome, resolveHome } from '../home.js';
import type { Lesson } from '../lesson/lesson.js';
import { withLock } from '../machine/lock.js';
import { Problem } from '../problem.js';
import { openWorkbench, requireTerminal, wantsPlain } from '../workbench/open.js';
import type { ThemeName } from '../workbench/theme.js';
import type { CommonOptions } from './options.js';

export interface WorkbenchCommandOptions extends CommonOptions {
  readonly plain: boolean;
  readonly mouse: boolean;
  readonly theme?: ThemeName | undefined;
}

/**
 * No command given: the workbench, alone in its home.
 * @param demo lessons whose solutions the course types itself, before the learner has the keys
 */
export async function openWorkbenchCommand(
  options: WorkbenchCommandOptions,
  demo?: readonly LessonId[],
): Promise<void> {
  const plain = wantsPlain(options.plain);
  if (!plain) requireTerminal();
  const home = resolveHome(options.home);
  prepareHome(home);
  await withLock(home.lock, { purpose: 'workbench' }, anotherWorkbench, async () => {
    await openWorkbench({
      logFile: home.courseLog,
      plain,
      theme: options.theme,
      mouse: options.mouse,
      demo,
      async openSession() {
        // Side by side: the files of one are read while another is compiled.
        const [{ openCourseLab }, { openLiveSession }, { openGrader }, catalog] = await Promise.all([
          import('../course-lab.js'),
          import('../workbench/live-session.js'),
          import('../grading/grader.js'),
          loadCatalog<Lesson>(options.lang),
        ]);
        const lab = await openCourseLab(home, { runtime: options.runtime, portOffset: options.portOffset });
        return openLiveSession({ lab, catalog, grader: openGrader(lab, options.lang) });
      },
    });
  });
}

function anotherWorkbench({ pid }: { pid: number }): Problem {
  return new Problem('workbench-open', `A workbench is open on this home already (process ${pid}).`, {
    remedy: 'Use that one, or work beside it with commands such as mongo-scale-course check --watch.',
  });
}
