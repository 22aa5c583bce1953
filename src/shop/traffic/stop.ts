import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from '../../home.js';
import { killProcess, signalProcess } from '../../machine/detached-process.js';
import { lockHolder } from '../../machine/lock.js';
import { findProcess, type ProcessIdentity } from '../../machine/process-table.js';
import { trafficPlaces } from './places.js';
import { readTraffic } from './read.js';
import type { TrafficReport } from './report.js';

/** Longer than it takes by itself. */
const patience = 130_000;
/** How long it has when it is told not to look for orders any more. */
const grace = 5_000;

/**
 * Ends this home's traffic, where there is some: it looks for the orders it has not verified yet, writes its last
 * report and ends. After `within` milliseconds it has to end without having found all. Resolves with that report;
 * undefined where there never was any traffic. Once `signal` is aborted it is not waited for any more.
 */
export async function stopTraffic(
  home: Home,
  { within = patience, signal }: { readonly within?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<TrafficReport | undefined> {
  const holder = await lockHolder(trafficPlaces(home).lock);
  if (holder) await end(holder, within, signal);
  return readTraffic(home);
}

export async function isTrafficRunning(home: Home): Promise<boolean> {
  return (await lockHolder(trafficPlaces(home).lock)) !== undefined;
}

/** Kills this home's traffic, where there is some, without a last report. */
export async function killTraffic(home: Home): Promise<void> {
  const holder = await lockHolder(trafficPlaces(home).lock);
  if (holder) await killProcess(holder);
}

async function end(traffic: ProcessIdentity, within: number, signal?: AbortSignal): Promise<void> {
  for (const time of [within, grace]) {
    await signalProcess(traffic, 'SIGTERM');
    // A paused process could not end.
    await signalProcess(traffic, 'SIGCONT');
    if (await isGone(traffic, time, signal)) return;
    if (signal?.aborted) return;
  }
  await killProcess(traffic);
}

async function isGone(traffic: ProcessIdentity, within: number, signal?: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + within;
  while (await findProcess(traffic)) {
    if (signal?.aborted || Date.now() >= deadline) return false;
    await delay(20);
  }
  return true;
}
