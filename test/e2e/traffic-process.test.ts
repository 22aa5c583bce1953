import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openCourseLab } from '../../src/course-lab.js';
import { type Home, resolveHome } from '../../src/home.js';
import { trafficPlaces } from '../../src/shop/traffic/places.js';
import { readTraffic } from '../../src/shop/traffic/read.js';
import type { TrafficReport } from '../../src/shop/traffic/report.js';
import { type TrafficOptions, trafficSettings } from '../../src/shop/traffic/settings.js';
import { sendTraffic } from '../../src/shop/traffic/start.js';
import { stopTraffic } from '../../src/shop/traffic/stop.js';
import { cliIn } from './support/cli.js';
import { expectGone } from './support/fake-run.js';
import { type MadeUpShop, openMadeUpShop } from './support/made-up-shop.js';

let shop: MadeUpShop;
let home: Home;
beforeAll(async () => {
  shop = await openMadeUpShop();
});
afterAll(() => shop.close());
beforeEach(async () => {
  home = resolveHome(await mkdtemp(join(tmpdir(), 'msc-traffic-')));
});
afterEach(async () => {
  await stopTraffic(home);
  await rm(home.root, { recursive: true, force: true });
});

const send = (options: TrafficOptions = {}) => sendTraffic(home, shop.url, trafficSettings(options));

/** The report, once it is as wanted. */
async function reported(wanted: (report: TrafficReport) => boolean): Promise<TrafficReport> {
  await expect.poll(() => wanted(readTraffic(home) as TrafficReport), { timeout: 20_000 }).toBe(true);
  return readTraffic(home) as TrafficReport;
}

test('it goes on by itself, and its end tells what came of every order', async () => {
  const started = await send({ rate: 100, orders: 50 });
  expect(started).toMatchObject({ state: 'running', rate: 100, w: 'majority', target: shop.url });
  await reported(({ orders, seconds }) => orders.acknowledged > 60 && seconds.length > 0);
  const ended = await stopTraffic(home);
  await expectGone(started.pid);
  expect(ended).toMatchObject({
    state: 'stopped',
    orders: { unverified: 0, lost: { one: 0, majority: 0 }, duplicates: 0 },
    total: { failed: 0 },
    outages: [],
  });
  expect(ended?.orders.verified).toBe(ended?.orders.acknowledged);
  expect(ended?.stoppedAt).toBeGreaterThan(started.startedAt);
});

test('a home has one; a second is told which, and the first goes on', async () => {
  const { pid } = await send();
  await expect(send()).rejects.toMatchObject({
    code: 'traffic-running',
    message: expect.stringContaining(`${pid}`),
  });
  expect(readTraffic(home)).toMatchObject({ state: 'running', pid });
});

test('of two that start at once one wins', async () => {
  const both = await Promise.allSettled([send(), send()]);
  const [won] = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const lost = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(lost).toMatchObject([{ code: 'traffic-running' }]);
  expect(readTraffic(home)).toMatchObject({ state: 'running', pid: won?.pid });
});

test('told that it is enough, it ends without having found every order, and says how many are left', async () => {
  const { pid } = await send({ rate: 100, orders: 100 });
  await reported(({ orders }) => orders.acknowledged > 20);
  shop.manners.stalls = true;
  try {
    const ended = await stopTraffic(home, { within: 300 });
    expect(ended?.state).toBe('stopped');
    expect(ended?.orders.unverified).toBeGreaterThan(20);
    expect(ended?.orders.lost).toEqual({ one: 0, majority: 0 });
    await expectGone(pid);
  } finally {
    shop.manners.stalls = false;
  }
});

test('it ends by itself when its time is over', async () => {
  const { pid } = await send({ minutes: 0.03 });
  const { stoppedAt, endsAt } = await reported(({ state }) => state === 'stopped');
  expect(stoppedAt).toBeGreaterThanOrEqual(endsAt);
  await expectGone(pid);
});

test('killed, it is reported as dead, and another can start', async () => {
  const { pid } = await send();
  process.kill(pid, 'SIGKILL');
  await reported(({ state }) => state === 'dead');
  const next = await send();
  expect(next.pid).not.toBe(pid);
  expect(readTraffic(home)).toMatchObject({ state: 'running', pid: next.pid });
});

test('a process that stood still does not make up for it: what was due is told, not sent', async () => {
  const rate = 200;
  const { pid } = await send({ rate, orders: 30 });
  await reported(({ total }) => total.ok > 100);
  process.kill(pid, 'SIGSTOP');
  const from = performance.now();
  await delay(3_000);
  const before = shop.came.total;
  const stoodFor = performance.now() - from;
  process.kill(pid, 'SIGCONT');
  const { late, total, outages, at, startedAt } = await reported(({ late: { asleepMs } }) => asleepMs > 0);
  const came = shop.came.total - before;
  const runsFor = performance.now() - from - stoodFor;
  // Customers, and looks for their orders at their fastest; what was due in the meantime would have come at once.
  expect(came).toBeLessThan(((rate + 260) * runsFor) / 1_000 + 150);
  expect(late.asleepMs).toBeGreaterThan(stoodFor - 500);
  expect(late.asleepMs).toBeLessThan(at - startedAt);
  const due = (rate * late.asleepMs) / 1_000;
  expect(late.notSent).toBeGreaterThan(0.9 * due);
  expect(total.sent + late.notSent).toBeLessThan((rate * (at - startedAt)) / 1_000 + rate);
  expect(total.failed).toBe(0);
  expect(outages).toEqual([]);
});

test('where a report cannot be written the next one is, as soon as it can', async () => {
  const { pid } = await send();
  // What stands in the way of its drafts, as a full disk does.
  const obstacle = `${trafficPlaces(home).report}.new`;
  await expect
    .poll(() =>
      mkdir(obstacle).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  const { at } = readTraffic(home) as TrafficReport;
  await delay(1_500);
  await rm(obstacle, { recursive: true });
  const later = await reported((report) => report.at > at + 1_000);
  expect(later).toMatchObject({ state: 'running', pid });
});

test('a home that is removed under it takes it along', async () => {
  const { pid } = await send();
  await rm(home.root, { recursive: true, force: true });
  await expectGone(pid);
  expect(existsSync(home.root)).toBe(false);
});

test('down ends it, and a purge leaves nothing of it', async () => {
  const { pid } = await send();
  const lab = await openCourseLab(home, { runtime: 'local' });
  await lab.down({ purge: false });
  await expectGone(pid);
  expect(readTraffic(home)?.state).toBe('stopped');
  await lab.down({ purge: true });
  expect(existsSync(home.root)).toBe(false);
});

test('the commands: nothing to tell, status as text and JSON, stop, and wishes that cannot be', async () => {
  const cli = cliIn({ MSC_HOME: home.root });
  expect((await cli('traffic', 'status')).stdout).toContain('traffic start');
  expect((await cli('traffic', 'status', '--json')).json()).toEqual({ state: 'none' });
  expect(await cli('traffic', 'start')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('no stage'),
  });
  expect(await cli('traffic', 'start', '--rate', '1000000')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('at most 1000'),
  });
  expect(await cli('traffic', 'start', '--rate', 'many')).toMatchObject({ exitCode: 2 });

  await send();
  await reported(({ seconds }) => seconds.length > 0);
  expect((await cli('traffic', 'status', '--json')).json()).toMatchObject({ state: 'running', rate: 50 });
  const text = (await cli('traffic', 'status')).stdout;
  expect(text).toMatch(/^traffic {2}50\/s at http/);
  const watching = cli('traffic', 'status', '--watch');
  expect((await cli('traffic', 'stop')).stdout).toMatch(/^orders {3}0 of \d+ acknowledged orders? lost\.$/m);
  expect((await watching).stdout).toMatch(/ended at/);
});
