import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from '../../home.js';
import type { Lab } from '../../lab/lab.js';
import { lastWords } from '../../lab/local/failure.js';
import { killServer, startServer } from '../../lab/local/servers.js';
import { lockHolder } from '../../machine/lock.js';
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

/** How long its process has to write its first report. */
const startsWithin = 15_000;

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
  const holder = await lockHolder(lock);
  if (holder) throw running(holder.pid);

  const order: TrafficOrder = { home: home.root, target, settings };
  const server = startServer(
    {
      file: process.execPath,
      args: [join(packageRoot, 'dist', 'src', 'shop', 'traffic', 'main.js'), JSON.stringify(order)],
      // As the lab's servers are marked: a purge finds it by that even where its notes are lost.
      env: { MSC_LAB: home.lab, MSC_SERVICE: 'traffic' },
      cwd: home.root,
      runs: 'traffic',
    },
    log,
  );
  const end = server.ended.then((code) => ({ code }));
  const deadline = Date.now() + startsWithin;
  for (;;) {
    const ended = await Promise.race([end, delay(20)]);
    const report = readTraffic(home);
    if (report?.state === 'running' && report.pid === server.identity?.pid) return report;
    if (ended) {
      // Two commands at once: one of them was quicker.
      const quicker = await lockHolder(lock);
      throw quicker ? running(quicker.pid) : notStarted(await lastWords(log), log);
    }
    if (Date.now() > deadline) {
      // Said not to have started, it must not begin when the machine has time again.
      if (server.identity) await killServer(server.identity);
      throw notStarted(await lastWords(log), log);
    }
  }
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

function notStarted(words: string | undefined, log: string): Problem {
  return new Problem(
    'traffic-not-started',
    `The traffic's process did not start${words ? `: ${words}` : '.'}`,
    {
      remedy: `Its log is ${log}.`,
    },
  );
}
