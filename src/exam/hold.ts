import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from '../home.js';
import { openLab } from '../lab/lab.js';
import { identify } from '../machine/process-table.js';
import { productIds } from '../shop/traffic/mix.js';
import { readTraffic } from '../shop/traffic/read.js';
import type { TrafficReport } from '../shop/traffic/report.js';
import { openReportFile } from '../shop/traffic/report-file.js';
import { startTraffic } from '../shop/traffic/start.js';
import { stopTraffic } from '../shop/traffic/stop.js';
import { openHarm } from './harm.js';
import { brokenBy, figuresOf, judge } from './invariants.js';
import { examPlaces } from './places.js';
import { calmRate, calmSeconds, planFaults, randomFrom, rushRate, rushSeconds } from './plan.js';
import { startPrices } from './prices.js';
import type { PhaseFigures, WrittenExam } from './report.js';

/** Milliseconds between two looks at what the customers say. */
const tick = 250;
/** How many products have prices that change. */
const priced = 8;
/** Longer than an exam is: its customers end with it, or else by themselves. */
const minutes = 4;

/**
 * Holds one exam: few customers, then ten times as many while services die by the plan of this seed, until the time is
 * over or more has failed than may. Writes down what it sees; leaves every service it killed running.
 */
export async function holdExam(home: Home, seed: number, ended: AbortSignal): Promise<void> {
  const write = openReportFile(examPlaces(home).report);
  const self = { pid: process.pid, processStartedAt: identify(process.pid).startedAt };
  let report: WrittenExam = {
    ...self,
    state: 'running',
    phase: 'calm',
    at: Date.now(),
    startedAt: Date.now(),
    seed,
    held: 0,
    faults: [],
    invariants: [],
  };
  const tell = async (news: Partial<WrittenExam>): Promise<void> => {
    report = { ...report, ...news, at: Date.now() };
    await write(report);
  };
  await tell({});
  const lab = await openLab(home);
  const harm = openHarm(lab, planFaults(seed));
  let problem: string | undefined;
  const noteProblem = (error: unknown): void => {
    problem ??= (error as Error).message;
  };
  try {
    await stopTraffic(home, { within: 5_000 });
    const calm = await beCalm();
    await tell({ calm, phase: 'rush' });
    const door = (await startTraffic(lab, { rate: rushRate, minutes })).target;
    await rush(calm, door);
  } catch (error) {
    if (!ended.aborted) noteProblem(error);
    // At once: whoever begins another waits for one that is over, and is refused by one that runs.
    const how = problem === undefined ? { state: 'stopped' as const } : { state: 'over' as const, problem };
    await tell({ ...how, phase: 'done', faults: harm.made() }).catch(noteProblem);
  }
  // Each of them, whatever becomes of the others: a server that does not come up is no reason to leave customers behind.
  await harm.undo().catch(noteProblem);
  await stopTraffic(home, { within: 5_000 }).catch(noteProblem);
  await harm.close().catch(noteProblem);
  // What comes of tidying up changes no verdict.
  if (report.passed === undefined)
    await tell({ faults: harm.made(), ...(problem !== undefined && { problem }) });

  async function beCalm(): Promise<PhaseFigures> {
    await startTraffic(lab, { rate: calmRate, minutes });
    await delay(calmSeconds * 1_000, undefined, { signal: ended });
    const seen = await stopTraffic(home);
    if (!seen || seen.total.ok === 0) throw new Error('no customer was served before the rush');
    return figuresOf(seen);
  }

  async function rush(calm: PhaseFigures, door: string): Promise<void> {
    const random = randomFrom(seed + 1);
    const prices = startPrices({ door, products: productIds().slice(0, priced), random });
    const from = Date.now();
    const look = (traffic: TrafficReport, over: boolean) => {
      const invariants = judge({ calm, rush: traffic, prices: prices.seen(), over });
      return { invariants, rush: figuresOf(traffic), faults: harm.made() };
    };
    let broken = false;
    try {
      for (let held = 0; held < rushSeconds && !broken; held = (Date.now() - from) / 1_000) {
        harm.at(held);
        const traffic = readTraffic(home);
        if (traffic?.state !== 'running') throw new Error('the customers went away');
        const seen = look(traffic, false);
        broken = seen.invariants.some(({ state }) => state === 'broken');
        await tell({ ...seen, held: Math.floor(held) });
        await delay(tick, undefined, { signal: ended });
      }
      await tell({ phase: 'verify', ...(broken ? {} : { held: rushSeconds }) });
    } finally {
      // Prices are put back by whoever serves, so those who were killed come first.
      await harm.undo().finally(prices.stop);
    }
    const last = await stopTraffic(home);
    if (!last) throw new Error('the customers left no report');
    const seen = look(last, !broken);
    const passed = seen.invariants.every(({ state }) => state === 'holds');
    const culprit = passed ? undefined : brokenBy(last.seconds, harm.made(), Date.now());
    await tell({ ...seen, state: 'over', phase: 'done', passed, ...(culprit && { brokenBy: culprit }) });
  }
}
