import { setTimeout as delay } from 'node:timers/promises';
import { resolveHome } from '../../home.js';
import { withLock } from '../../machine/lock.js';
import { identify } from '../../machine/process-table.js';
import { createClock } from './clock.js';
import { startGenerator } from './generator.js';
import { productIds } from './mix.js';
import { trafficPlaces } from './places.js';
import type { WrittenReport } from './report.js';
import { openReportFile } from './report-file.js';
import type { TrafficOrder } from './start.js';

/** Milliseconds between two reports. */
const reportEvery = 400;
/** How long it may look for orders when it has sent the last; whoever waits for its end may say sooner that it is enough. */
const finishWithin = 120_000;

/** The traffic's own process: sends, measures and reports until it is told to end, its time is over or its home is gone. */
async function sendTraffic({ home, target, settings }: TrafficOrder): Promise<void> {
  const { report } = trafficPlaces(resolveHome(home));
  const write = openReportFile(report);
  const clock = createClock();
  const startedAt = clock();
  const endsAt = startedAt + settings.minutes * 60_000;
  const generator = startGenerator({ target, settings, products: productIds(), clock });
  const identity = { pid: process.pid, processStartedAt: identify(process.pid).startedAt };
  const reported = (state: WrittenReport['state'], stoppedAt?: number): WrittenReport => ({
    state,
    ...identity,
    at: Math.round(clock()),
    startedAt: Math.round(startedAt),
    endsAt: Math.round(endsAt),
    ...(stoppedAt === undefined ? {} : { stoppedAt: Math.round(stoppedAt) }),
    target,
    rate: settings.rate,
    w: settings.w,
    ...generator.measured(),
  });

  while (clock() < endsAt && !told.aborted) {
    // Nobody is left to read what comes of it.
    if ((await write(reported('running'))) === 'no home') return;
    await delay(reportEvery, undefined, { signal: told }).catch(() => undefined);
  }
  const stoppedAt = clock();
  const reporting = setInterval(() => void write(reported('running', stoppedAt)), reportEvery);
  await generator.stop(AbortSignal.any([enough.signal, AbortSignal.timeout(finishWithin)]));
  clearInterval(reporting);
  await write(reported('stopped', stoppedAt));
}

const ending = new AbortController();
const told = ending.signal;
const enough = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  // Told twice, it does not look for its orders any more.
  process.on(signal, () => (told.aborted ? enough : ending).abort());
}
const order = JSON.parse(process.argv[2] ?? '') as TrafficOrder;
await withLock(
  trafficPlaces(resolveHome(order.home)).lock,
  { purpose: 'traffic' },
  ({ pid }) => new Error(`Process ${pid} sends traffic in this home already.`),
  () => sendTraffic(order),
);
process.exit();
