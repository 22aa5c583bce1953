import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalog, findLesson, loadCatalog } from '../../../src/course/catalog.js';
import { openCourseLab } from '../../../src/course-lab.js';
import { type Grader, openGrader } from '../../../src/grading/grader.js';
import { type Home, resolveHome } from '../../../src/home.js';
import type { Lab } from '../../../src/lab/lab.js';
import type { RuntimeKind } from '../../../src/lab/runtime.js';
import type { Lesson } from '../../../src/lesson/lesson.js';
import { goTo } from '../../../src/replay/goto.js';
import type { GotoEvent } from '../../../src/replay/goto-event.js';

/** A lab of its own for one test file: an empty home, its own ports. */
export interface TestLab {
  readonly home: Home;
  readonly lab: Lab;
  readonly catalog: Catalog<Lesson>;
  readonly grader: Grader;
  /** Stops every server and removes the home. */
  close(): Promise<void>;
}

export async function openTestLab(portOffset: number, runtime: RuntimeKind = 'local'): Promise<TestLab> {
  const home = resolveHome(await mkdtemp(join(tmpdir(), 'msc-lab-')));
  const lab = await openCourseLab(home, { runtime, portOffset });
  const grader = openGrader(lab, 'en');
  return {
    home,
    lab,
    grader,
    catalog: await loadCatalog<Lesson>(),
    async close() {
      await grader.close();
      await lab.down({ purge: true });
      await rm(home.root, { recursive: true, force: true });
    },
  };
}

/** Brings the lab to the start of a lesson, and gives what was said on the way. */
export async function goToLesson(
  { lab, grader, catalog }: TestLab,
  id: string,
): Promise<readonly GotoEvent[]> {
  const events: GotoEvent[] = [];
  const target = findLesson(catalog, id);
  await goTo({ lab, grader, catalog, target, onEvent: (event) => events.push(event) });
  return events;
}
