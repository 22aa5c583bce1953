import {
  answer,
  balancerIsOn,
  check,
  type LabView,
  lesson,
  mistake,
  mongosh,
  number,
  pass,
  pending,
  rangesOf,
  shardedCollection,
  until,
  wrong,
} from '../../../src/lesson/lesson.js';

const namespace = 'shop.invoices';
/** The customer who has more documents than one range may hold. */
const reseller = 7;
const size = 6000;

const fill = `use shop
sh.shardCollection("shop.invoices", { customerId: 1 })
db.invoices.insertMany(Array.from({ length: 6000 }, (_, i) => ({
  customerId: i % 2 ? 7 : i % 20, text: "x".repeat(1000)
})), { ordered: false }).acknowledged
sh.splitAt("shop.invoices", { customerId: 7 })
sh.splitAt("shop.invoices", { customerId: 8 })
db.adminCommand({
  configureCollectionBalancing: "shop.invoices", chunkSize: 1
})`;
const jumbo = `const { uuid } = db.getSiblingDB("config").collections.findOne({
  _id: "shop.invoices"
})
db.getSiblingDB("config").chunks.find({ uuid, jumbo: true })`;
const setWindow = (start: string, stop: string) => `db.getSiblingDB("config").settings.updateOne(
  { _id: "balancer" },
  { $set: { activeWindow: { start: "${start}", stop: "${stop}" } } },
  { upsert: true }
)`;
const noWindow = `db.getSiblingDB("config").settings.updateOne(
  { _id: "balancer" },
  { $unset: { activeWindow: "" } }
)`;
const typed = (...lines: string[]) => mongosh('router1', lines.join('\n'));

interface BalancerSettings {
  readonly _id: string;
  readonly activeWindow?: { readonly start?: unknown; readonly stop?: unknown };
}

async function windowOf({ mongo }: LabView): Promise<BalancerSettings['activeWindow']> {
  const settings = mongo('router1').db('config').collection<BalancerSettings>('settings');
  return (await settings.findOne({ _id: 'balancer' }))?.activeWindow;
}

async function jumboOf({ mongo }: LabView) {
  const collection = await shardedCollection(mongo('router1'), namespace);
  const ranges = collection ? await rangesOf(mongo('router1'), collection) : [];
  return ranges.find((range) => range.jumbo);
}

/** Minutes after midnight of `02:00` or `2:00`, as the balancer reads them; undefined for anything else. */
function minutes(time: unknown): number | undefined {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]?\d)$/.exec(String(time)) ?? [];
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

/** Whether the window, which may pass midnight, is one in which the shop is open: 08:00 to 22:00. */
function inTheDay(start: number, stop: number): boolean {
  const sinceEvening = (time: number): number => (time + 120) % 1440;
  const [from, to] = [sinceEvening(start), sinceEvening(stop)];
  return from >= to || to > 600;
}

export default lesson({
  minutes: 8,
  leavesNothing: true,
  checks: [
    check('A range is too large to move, and you say whose it is', {
      at: 'router1',
      look: async (lab) => {
        const expected = 'a jumbo range, and its customer named';
        const found = await jumboOf(lab);
        const given = lab.answer('whose');
        if (!found) {
          const there = await shardedCollection(lab.mongo('router1'), namespace);
          return pending(there ? 'no jumbo range yet' : `${namespace} is not sharded`, expected);
        }
        const whose = found.min.customerId;
        if (given === undefined) return pending('a jumbo range; no answer yet', expected);
        return Number(given) === whose
          ? pass(`the jumbo range is customer ${whose}'s`)
          : wrong('other-customer', `you say ${given}`, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("config").chunks.find({ jumbo: true })'),
    }),
    check('The balancer may move ranges at night only', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const expected = 'an activeWindow between 22:00 and 08:00, the balancer on';
        const window = await windowOf(lab);
        if (window === undefined) return pending('no window', expected);
        const observed = `from ${window.start} to ${window.stop}`;
        const [from, to] = [minutes(window.start), minutes(window.stop)];
        if (from === undefined || to === undefined || from === to)
          return wrong('no-time', observed, expected);
        if (inTheDay(from, to)) return wrong('by-day', observed, expected);
        return (await balancerIsOn(lab.mongo('router1')))
          ? pass(observed)
          : wrong('switched-off', `${observed}; the balancer is off`, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("config").settings.findOne({ _id: "balancer" })'),
    }),
    check('Afterwards it works around the clock again', {
      at: 'router1',
      // Nobody has set a window yet. What is left of one would hold up the lessons on moving and draining.
      holdsAtStart: true,
      look: async (lab) => {
        const window = await windowOf(lab);
        return window === undefined
          ? pass('no window')
          : pending(
              `a window from ${window.start} to ${window.stop}`,
              'no window, once you have seen it work',
            );
      },
    }),
    check('All invoices are still there', {
      at: 'router1',
      look: async ({ mongo }) => {
        const count = await mongo('router1').db('shop').collection('invoices').countDocuments();
        return count >= size ? pass(`${count} invoices`) : pending(`${count} invoices`, `${size} invoices`);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").invoices.countDocuments()'),
    }),
  ],
  questions: [number('whose', 'customer')],
  mistakes: [
    mistake('by-day', { after: typed(setWindow('09:00', '17:00')) }),
    mistake('no-time', { after: typed(setWindow('2am', '6am')) }),
    mistake('switched-off', { after: typed(setWindow('02:00', '06:00'), 'sh.stopBalancer()') }),
    mistake('other-customer', {
      after: [
        typed(fill),
        until('a range is marked as jumbo', async (lab) => (await jumboOf(lab)) !== undefined),
        answer('whose', '8'),
      ],
    }),
  ],
  solution: [
    typed(fill),
    until('a range is marked as jumbo', async (lab) => (await jumboOf(lab)) !== undefined),
    typed(jumbo),
    answer('whose', String(reseller)),
    typed(setWindow('02:00', '06:00'), 'db.adminCommand({ balancerStatus: 1 })'),
    typed(noWindow),
  ],
});
