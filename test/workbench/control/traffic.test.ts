import { afterEach, expect, test, vi } from 'vitest';
import { anOutage, aReport } from '../../shop/traffic/support/report.js';
import { type FakeOptions, snapshot } from '../support/fake-session.mjs';
import { type Mounted, mountFake } from '../support/mounted.js';

// The terminal in memory works at the pace of a busy machine.
vi.setConfig({ testTimeout: 30_000 });

let mounted: Mounted;
afterEach(() => mounted.close());

/** A lesson of a stage that has a shop. */
async function openLesson(options: FakeOptions = {}): Promise<Mounted> {
  mounted = await mountFake(120, 36, options);
  const [router] = snapshot.nodes.slice(-1);
  if (!router) throw new Error('a node is expected');
  const shop = { ...router, service: 'shop1' };
  mounted.session.say({ kind: 'snapshot', snapshot: { ...snapshot, nodes: [...snapshot.nodes, shop] } });
  mounted.press('\r');
  await mounted.shows('Add the shards (8 min)');
  return mounted;
}

test('T sends customers once that is confirmed, and no more once that is', async () => {
  const { press, session, shows } = await openLesson();
  press('T');
  expect(await shows('Send customers to the shop?')).toContain('50 requests a second');
  press('\u001B');
  await shows('Add the shards (8 min)');
  press('Ty');
  await expect.poll(() => session.calls.at(-1)).toBe('traffic start');
  session.say({ kind: 'traffic', traffic: aReport() });
  await shows('0 of 898 acknowledged orders lost');
  press('T');
  await shows('Send no more customers?');
  press('y');
  await expect.poll(() => session.calls.at(-1)).toBe('traffic stop');
});

test('while the orders of a traffic that ends are looked for, the keys are the learner’s', async () => {
  const { press, session, shows, runInForeground } = await openLesson();
  let stops = 0;
  session.traffic = () => {
    stops += 1;
    return new Promise(() => {});
  };
  session.say({ kind: 'traffic', traffic: aReport() });
  await shows('0 of 898 acknowledged orders lost');
  for (const _ of [1, 2]) {
    press('T');
    await shows('Send no more customers?');
    press('y');
    await shows('Add the shards (8 min)');
  }
  expect(stops).toBe(1);
  press('s');
  await expect.poll(() => runInForeground.mock.calls.length).toBe(1);
});

test('a lesson that asks for customers of its own gets them by T', async () => {
  const traffic = { rate: 20, orders: 100, w: 'both' } as const;
  const { press, session, shows } = await openLesson({ traffic });
  press('T');
  const asked = (await shows('Send customers to the shop?')).replaceAll(/[\s│]+/g, ' ');
  expect(asked).toContain('As this lesson asks for it, 20 requests a second');
  expect(asked).toContain('100 of 100 are orders with w: 1 and majority by turns');
  press('y');
  await expect.poll(() => session.calls.at(-1)).toBe(`traffic start ${JSON.stringify(traffic)}`);
});

test('without a shop there is nobody to send customers to', async () => {
  mounted = await mountFake(120, 36);
  mounted.press('\r');
  await mounted.shows('Add the shards (8 min)');
  mounted.press('T?');
  await mounted.shows('▸ Keys');
});

test('the line comes and goes above the keys, and the panes make room', async () => {
  const { session, shows, terminal } = await openLesson();
  session.say({ kind: 'traffic', traffic: aReport(anOutage()) });
  const lines = (await shows('outage 11.3 s')).split('\n');
  expect(lines).toHaveLength(36);
  expect(lines.at(-2)).toContain('traffic 50/s');
  expect(lines.at(-3)).toMatch(/╯$/);
  terminal.takeWritten();
  session.say({ kind: 'traffic', traffic: null });
  await expect.poll(() => terminal.takeWritten().length).toBeGreaterThan(0);
  expect(await shows('Add the shards (8 min)')).not.toContain('outage 11.3 s');
});
