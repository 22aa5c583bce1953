import { join } from 'node:path';
import type { Home } from '../../home.js';
import type { Lab } from '../../lab/lab.js';
import { lastWords } from '../../lab/local/failure.js';
import { startBackgroundProcess } from '../../machine/background-process.js';
import { packageRoot } from '../../package.js';
import { Problem } from '../../problem.js';
import { shopDoors, trafficPlaces } from './places.js';
import { readTraffic } from './read.js';
import type { TrafficReport } from './report.js';
import { type TrafficOptions, type TrafficSettings, trafficSettings } from './settings.js';

/** What its process is told, as JSON in its one argument. */
export interface TrafficOrder {
  /** The root of the home. */
  readonly home: string;
  readonly target: string;
  readonly settings: TrafficSettings;
}

/** How long its process has to write its first report, in milliseconds. */
const startsWithin = 30_000;

/**
 * Puts the shop of this lab under load, from a process that outlives this one and ends by itself. Resolves with its
 * first report. Throws `absurd-traffic`, `no-shop`, `shop-not-running`, `traffic-running` (a home has one) and
 * `traffic-not-started`.
 */
export async function startTraffic(lab: Lab, options: TrafficOptions = {}): Promise<TrafficReport> {
  const settings = trafficSettings(options);
  return sendTraffic(lab.home, await doorOf(lab), settings);
}

/** As `startTraffic`, at a shop wherever it is. */
export async function sendTraffic(
  home: Home,
  target: string,
  settings: TrafficSettings,
): Promise<TrafficReport> {
  const { lock, log } = trafficPlaces(home);
  const order: TrafficOrder = { home: home.root, target, settings };
  return startBackgroundProcess(home, {
    name: 'traffic',
    script: join(packageRoot, 'dist', 'src', 'shop', 'traffic', 'main.js'),
    order,
    lock,
    log,
    within: startsWithin,
    read: () => readTraffic(home),
    running,
    lastWords,
    notStarted: (words) =>
      new Problem('traffic-not-started', `The traffic's process did not start${words ? `: ${words}` : '.'}`, {
        remedy: `Its log is ${log}.`,
      }),
  });
}

async function doorOf(lab: Lab): Promise<string> {
  const services = await lab.runtime.services();
  const door = shopDoors
    .map((name) => services.find((service) => service.name === name))
    .find((found) => found);
  if (!door) {
    throw new Problem('no-shop', 'There is no shop to send customers to: no stage with one is up.', {
      remedy: 'Bring one up first: mongo-scale-course up',
    });
  }
  if (door.state !== 'running') {
    throw new Problem(
      'shop-not-running',
      `${door.name} is ${door.state}, so there is nobody to serve customers.`,
      {
        remedy: `Start it: mongo-scale-course fault ${door.state === 'paused' ? 'resume' : 'start'} ${door.name}`,
      },
    );
  }
  return `http://${door.address}`;
}

function running(pid: number): Problem {
  return new Problem('traffic-running', `Traffic is under way on this lab already (process ${pid}).`, {
    remedy:
      'See it: mongo-scale-course traffic status. To change it, end it first: mongo-scale-course traffic stop',
  });
}
