import {
  answer,
  check,
  customersOrder,
  fault,
  isRunning,
  type LabView,
  lesson,
  measurement,
  mistake,
  number,
  pass,
  pending,
  startedAt,
  traffic,
  trafficOfLesson,
  until,
  verifiedTraffic,
  wasKilledBefore,
  wrong,
} from '../../../src/lesson/lesson.js';

/** Confirmed orders from which on customers are said to order. */
const enough = 100;

const ordered = ({ orders: { acknowledged }, w }: NonNullable<ReturnType<LabView['traffic']>>): string =>
  `${acknowledged} orders confirmed, w: ${w}`;

const isDown = (lab: LabView): boolean => !isRunning(lab, 'shard1a');

/** The time without shard1a in which customers could not order: an order may have failed before for another reason. */
function outageOf(lab: LabView) {
  const outages = trafficOfLesson(lab)?.outages ?? [];
  if (isDown(lab)) return outages.find(({ to }) => to === undefined);
  const started = startedAt(lab, 'shard1a');
  return outages.find(({ from, to = started }) => from < started && started <= to);
}

/** The traffic, once it has ended and every order was looked for. */
function verified(lab: LabView) {
  return outageOf(lab)?.to === undefined ? undefined : verifiedTraffic(lab);
}

/** The same, where some of its orders were confirmed with `w: 1`: of none of them nothing can be said. */
function verifiedFromMemory(lab: LabView) {
  const report = verified(lab);
  return report?.w === 'majority' ? undefined : report;
}

const blackFriday = traffic('start', { rate: 100, orders: 100, w: 'both' });
const ordersFail = until('orders fail', async (lab) => outageOf(lab) !== undefined);
const ordersComeThrough = until(
  'orders have come through again for a while',
  async (lab) => outageOf(lab)?.to !== undefined,
);

export default lesson({
  minutes: 9,
  leavesNothing: true,
  checks: [
    check('Customers order', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const report = trafficOfLesson(lab);
        const expected = `${enough} orders confirmed, some with w: 1`;
        if (report) {
          const observed = ordered(report);
          return report.orders.acknowledged >= enough && report.w !== 'majority'
            ? pass(observed)
            : pending(observed, expected);
        }
        return isDown(lab)
          ? wrong('nobody-watched', 'shard1a is down, and nobody orders', expected)
          : pending('no traffic since you began this lesson', expected);
      },
    }),
    check('The only server was killed under them, and started again', {
      at: 'shard1a',
      kind: 'event',
      evenIfDown: true,
      look: async (lab) => {
        const outage = outageOf(lab);
        const expected = 'killed while orders came in, then started';
        if (!outage) return pending('no order failed yet', expected);
        const failed = `${outage.failed} orders failed`;
        if (isDown(lab)) return pending(`${failed}; shard1a is down`, expected);
        return (await wasKilledBefore(lab.mongo('shard1a')))
          ? pass(`${failed}; shard1a was killed and runs again`)
          : wrong('stopped-in-order', `${failed}; shard1a was stopped in order`, expected);
      },
    }),
    check('Customers can order again', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const outage = outageOf(lab);
        const expected = 'no order failed for a while';
        if (!outage) return pending('no order failed yet', 'an outage that is over');
        const seconds = `${(outage.ms / 1000).toFixed(0)} s`;
        return outage.to === undefined
          ? pending(`orders fail, for ${seconds} now`, expected)
          : pass(`orders came through again after ${seconds}`);
      },
    }),
    check('Every confirmed order was looked for', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const report = trafficOfLesson(lab);
        const expected = 'traffic stopped after the outage, and no order left to look for';
        if (report?.state !== 'stopped')
          return pending(report ? 'the traffic goes on' : 'no traffic yet', expected);
        const { acknowledged, unverified, lost } = report.orders;
        if (unverified > 0)
          return wrong('stopped-too-early', `${unverified} of ${acknowledged} not looked for`, expected);
        return verified(lab)
          ? pass(`${lost.one + lost.majority} of ${acknowledged} confirmed orders are gone`)
          : pending('stopped before any outage', expected);
      },
    }),
  ],
  questions: [number('outage', 's'), number('lost', 'orders')],
  measurements: [
    measurement('outage', {
      unit: 's',
      measure: async (lab) => {
        const outage = outageOf(lab);
        return outage?.to === undefined ? undefined : outage.ms / 1000;
      },
    }),
    measurement('lost', {
      unit: 'orders',
      measure: async (lab) => verifiedFromMemory(lab)?.orders.lost.one,
    }),
    measurement('lost-on-disk', {
      unit: 'orders',
      measure: async (lab) => {
        const report = verified(lab);
        return report?.w === 1 ? undefined : report?.orders.lost.majority;
      },
    }),
    measurement('failed', { unit: 'orders', measure: async (lab) => verified(lab) && outageOf(lab)?.failed }),
  ],
  mistakes: [
    mistake('nobody-watched', { after: fault('kill', 'shard1a') }),
    mistake('stopped-in-order', {
      after: [
        blackFriday,
        customersOrder(enough),
        fault('stop', 'shard1a'),
        ordersFail,
        fault('start', 'shard1a'),
      ],
    }),
    mistake('stopped-too-early', {
      after: [blackFriday, customersOrder(enough), fault('kill', 'shard1a'), ordersFail, traffic('stop')],
    }),
  ],
  solution: [
    answer('outage', '5'),
    answer('lost', '0'),
    blackFriday,
    customersOrder(enough),
    fault('kill', 'shard1a'),
    ordersFail,
    fault('start', 'shard1a'),
    ordersComeThrough,
    traffic('stop'),
  ],
});
