import {
  answer,
  check,
  customersOrder,
  electionOf,
  fault,
  firstDown,
  type LabView,
  lesson,
  measurement,
  mistake,
  mongosh,
  number,
  pass,
  pending,
  primary,
  primaryOf,
  primarySeesAll,
  readSetStatus,
  secondary,
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
const allBack = (lab: LabView) => primarySeesAll(lab, members);

/** The election of shard1's primary, where it was while the customers of this lesson ordered. */
async function electionUnderTraffic(lab: LabView) {
  const report = trafficOfLesson(lab);
  const election = await electionOf(lab, 'shard1');
  return report && election && election.at > report.startedAt ? election : undefined;
}

/** The same, where nobody asked for it. */
async function electionAfterDeath(lab: LabView) {
  const election = await electionUnderTraffic(lab);
  return election?.reason === 'electionTimeout' ? election : undefined;
}

/** The time around the election in which customers could not order, once it is over: another may have been before. */
async function outageOf(lab: LabView) {
  const at = (await electionAfterDeath(lab))?.at;
  return trafficOfLesson(lab)?.outages.find(({ from, to = 0 }) => at !== undefined && from < at && at < to);
}

/** The traffic, once it has ended after the outage and every order was looked for. */
async function verified(lab: LabView) {
  return (await outageOf(lab)) && verifiedTraffic(lab);
}

const blackFriday = traffic('start', { rate: 30, orders: 100, w: 'both' });

export default lesson({
  minutes: 11,
  leavesNothing: true,
  needs: ['sharding/where-documents-live'],
  checks: [
    check('Customers order, some of them with w: "majority"', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const report = trafficOfLesson(lab);
        const expected = `${enough} orders confirmed, not all with w: 1`;
        if (!report) return pending('no traffic since you began this lesson', expected);
        const observed = `${report.orders.acknowledged} orders confirmed, w: ${report.w}`;
        return report.orders.acknowledged >= enough && report.w !== 1
          ? pass(observed)
          : pending(observed, expected);
      },
    }),
    check('shard1 has elected another primary by itself', {
      at: 'shard1a',
      kind: 'event',
      evenIfDown: true,
      look: async (lab) => {
        const expected = 'another primary, in a new term, because the old one died';
        if (!trafficOfLesson(lab)) return pending('no traffic yet', expected);
        const now = primaryOf(lab, 'shard1');
        if (now === undefined) return pending('shard1 has no primary', expected);
        const election = await electionUnderTraffic(lab);
        const down = await downMember(lab);
        if (!election && down)
          return wrong('killed-a-secondary', `${down} is down, ${now} is primary as before`, expected);
        if (!election) return pending(`${now} is primary as before`, expected);
        const { term, termBefore, reason } = election;
        const observed = `${now} is primary, term ${termBefore} → ${term}`;
        return reason === 'electionTimeout' ? pass(observed) : wrong('handed-over', observed, expected);
      },
      reproduce: mongosh('shard1a', 'rs.status().members.map(m => m.name + " " + m.stateStr)'),
    }),
    check('The old primary is back, as a secondary', {
      at: 'shard1a',
      kind: 'event',
      evenIfDown: true,
      look: async (lab) => {
        const expected = 'after the election, 1 PRIMARY, 2 SECONDARY';
        const election = await electionAfterDeath(lab);
        if (!election) return pending('no primary has died yet', expected);
        const observed = statesInWords((await readSetStatus(lab, members))?.members ?? []);
        return (await allBack(lab)) ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('shard1a', 'rs.status().members.map(m => m.name + " " + m.stateStr)'),
    }),
    check('No order that a majority confirmed is lost', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const report = trafficOfLesson(lab);
        const expected = 'traffic stopped after the outage, every order looked for, 0 lost';
        if (report?.state !== 'stopped')
          return pending(report ? 'the traffic goes on' : 'no traffic yet', expected);
        const { acknowledged, unverified, lost } = report.orders;
        const observed = `${lost.majority} lost, ${lost.one} of those with w: 1, of ${acknowledged}`;
        if (unverified > 0) return pending(`${unverified} of ${acknowledged} not looked for`, expected);
        if (!(await verified(lab))) return pending('stopped before an outage was over', expected);
        return lost.majority === 0 ? pass(observed) : pending(observed, expected);
      },
    }),
  ],
  questions: [number('outage', 's'), number('lost', 'orders')],
  measurements: [
    measurement('outage', {
      unit: 's',
      measure: async (lab) => {
        const outage = await outageOf(lab);
        return outage && outage.ms / 1000;
      },
    }),
    measurement('lost', {
      unit: 'orders',
      measure: async (lab) => (await verified(lab))?.orders.lost.majority,
    }),
    measurement('election', {
      unit: 'ms',
      measure: async (lab) => {
        const from = (await outageOf(lab))?.from;
        const until = (await electionAfterDeath(lab))?.majorityFrom;
        return from === undefined || until === undefined ? undefined : until - from;
      },
    }),
    measurement('lost-w1', {
      unit: 'orders',
      measure: async (lab) => {
        const report = await verified(lab);
        return report?.w === 'majority' ? undefined : report?.orders.lost.one;
      },
    }),
    measurement('failed', {
      unit: 'orders',
      measure: async (lab) => (await verified(lab)) && (await outageOf(lab))?.failed,
    }),
  ],
  mistakes: [
    mistake('killed-a-secondary', {
      after: [blackFriday, customersOrder(enough), fault('kill', secondary('shard1'))],
    }),
    mistake('handed-over', {
      after: [blackFriday, customersOrder(enough), mongosh(primary('shard1'), 'rs.stepDown()')],
    }),
  ],
  solution: [
    answer('outage', '3'),
    answer('lost', '0'),
    blackFriday,
    customersOrder(enough),
    fault('kill', primary('shard1')),
    until('shard1 has another primary', async (lab) => primaryOf(lab, 'shard1') !== undefined),
    until('orders have come through again for a while', async (lab) => (await outageOf(lab)) !== undefined),
    fault('start', downMember),
    until('all three members are back', allBack),
    traffic('stop'),
  ],
});
