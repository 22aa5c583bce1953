import { examPlaces } from './exam/places.js';
import { isExamRunning, killExam, stopExam } from './exam/stop.js';
import type { Home } from './home.js';
import type { Companion } from './lab/companion.js';
import { type Lab, type LabChoice, openLab } from './lab/lab.js';
import { trafficPlaces } from './shop/traffic/places.js';
import { isTrafficRunning, killTraffic, stopTraffic } from './shop/traffic/stop.js';

/** Milliseconds that the traffic may look for its orders before the servers go. */
const lastLooks = 5_000;

/** The exam first, which starts again what it has killed. */
const companions: readonly Companion[] = [
  {
    name: 'exam',
    isRunning: isExamRunning,
    stop: (home) => stopExam(home),
    kill: killExam,
    report: (home) => examPlaces(home).report,
  },
  {
    name: 'traffic',
    isRunning: isTrafficRunning,
    stop: (home) => stopTraffic(home, { within: lastLooks }),
    kill: killTraffic,
    report: (home) => trafficPlaces(home).report,
  },
];

/** Opens the lab of this home with all that the course runs beside it. Throws what `openLab` throws. */
export function openCourseLab(
  home: Home,
  choice?: LabChoice,
  open?: NonNullable<Parameters<typeof openLab>[2]>['open'],
): Promise<Lab> {
  return openLab(home, choice, { companions, open });
}
