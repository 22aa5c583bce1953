import {
  answer,
  check,
  customersOrder,
  fault,
  firstDown,
  isRunning,
  type LabView,
  lesson,
  measurement,
  mistake,
  mongosh,
  number,
  pass,
  pending,
  primary,
  primarySeesAll,
  readSetStatus,
  secondariesOf,
  secondary,
  startedAt,
  statesInWords,
  traffic,
  trafficOfLesson,
  until,
  verifiedTraffic,
  wrong,
} from '../../../src/lesson/lesson.js';

const members = ['shard1a', 'shard1b', 'shard1c'] as const;
/** Confirmed orders from which on customers are said to order. */
const enough = 60;

const downMember = firstDown(members);

/** Whether a member was started while the customers of this lesson ordered. */
function wasRestarted(lab: LabView, service: string): boolean {
  const report = trafficOfLesson(lab);
  const since = startedAt(lab, service);
  return report !== undefined && since > report.startedAt && since < (report.stoppedAt ?? report.endsAt);
}

/** A secondary whose turn it is: of a primary that has handed over, too. */
const nextSecondary = async (lab: LabView) =>
  secondariesOf(lab, 'shard1').find((service) => !wasRestarted(lab, service));

const failedOrders = (lab: LabView): number =>
  (trafficOfLesson(lab)?.outages ?? []).reduce((sum, { failed }) => sum + failed, 0);

/** The traffic, once it has ended with every member restarted and every order looked for. */
function verified(lab: LabView) {
  return members.every((service) => wasRestarted(lab, service)) ? verifiedTraffic(lab) : undefined;
}

const customers = traffic('start', { rate: 30, orders: 100 });
const back = until('all three members are back', (lab) => primarySeesAll(lab, members));
const restart = [fault('stop', nextSecondary), fault('start', downMember), back];

export default lesson({
  minutes: 12,
  leavesNothing: true,
  needs: ['replication/three-members'],
  checks: [
    check('Customers order', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const report = trafficOfLesson(lab);
        const expected = `${enough} orders confirmed`;
        if (!report) return pending('no traffic since you began this lesson', expected);
        const observed = `${report.orders.acknowledged} orders confirmed`;
        return report.orders.acknowledged >= enough ? pass(observed) : pending(observed, expected);
      },
    }),
    check('Every member of shard1 was restarted under them', {
      at: 'shard1a',
      kind: 'event',
      evenIfDown: true,
      look: async (lab) => {
        const expected = 'all three started anew, 1 PRIMARY, 2 SECONDARY';
        if (!trafficOfLesson(lab)) return pending('no traffic yet', expected);
        const down = members.filter((service) => !isRunning(lab, service));
        if (down.length > 1) return wrong('two-at-once', `down: ${down.join(', ')}`, expected);
        const restarted = members.filter((service) => wasRestarted(lab, service));
        const states = statesInWords((await readSetStatus(lab, members))?.members ?? []);
        const observed = `started anew: ${restarted.join(', ') || 'none'}; ${states}`;
        return restarted.length === members.length && (await primarySeesAll(lab, members))
          ? pass(observed)
          : pending(observed, expected);
      },
      reproduce: mongosh('shard1a', 'rs.status().members.map(m => m.name + " up " + m.uptime + " s")'),
    }),
    check('No order failed, and none is lost', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const expected = 'after all restarts: traffic stopped, 0 failed, 0 lost';
        const report = trafficOfLesson(lab);
        if (!report) return pending('no traffic yet', expected);
        const failed = failedOrders(lab);
        const { acknowledged, unverified, lost } = report.orders;
        if (failed > 0) return wrong('orders-failed', `${failed} orders failed`, expected);
        if (report.state !== 'stopped') return pending('0 failed; the traffic goes on', expected);
        if (unverified > 0) return pending(`${unverified} of ${acknowledged} not looked for`, expected);
        const observed = `0 failed, ${lost.one + lost.majority} lost of ${acknowledged}`;
        if (!verified(lab)) return pending(`${observed}, but not all were restarted`, expected);
        return lost.one + lost.majority === 0 ? pass(observed) : pending(observed, expected);
      },
    }),
  ],
  questions: [number('failed', 'orders')],
  measurements: [
    measurement('failed', {
      unit: 'orders',
      measure: async (lab) => (verified(lab) ? failedOrders(lab) : undefined),
    }),
    measurement('slowest', { unit: 'ms', measure: async (lab) => verified(lab)?.total.max ?? undefined }),
  ],
  mistakes: [
    mistake('two-at-once', {
      after: [
        customers,
        customersOrder(enough),
        fault('stop', secondary('shard1')),
        fault('stop', secondary('shard1')),
      ],
    }),
    mistake('orders-failed', {
      after: [customers, customersOrder(enough), fault('kill', primary('shard1'))],
    }),
  ],
  solution: [
    answer('failed', '5'),
    customers,
    customersOrder(enough),
    ...restart,
    ...restart,
    mongosh(primary('shard1'), 'rs.stepDown()'),
    ...restart,
    traffic('stop'),
  ],
});
