import {
  answer,
  bash,
  cacheReport,
  check,
  clusterNodes,
  fault,
  isRunning,
  keysOn,
  type LabView,
  lesson,
  mastersOf,
  measurement,
  mistake,
  number,
  pass,
  pending,
  redisCli,
  redisViews,
  startedAt,
  traffic,
  trafficOfLesson,
  until,
  wrong,
} from '../../../src/lesson/lesson.js';
import { cluster, clusterIsWhole, saveCache } from '../cache-files.js';

const vouchers = 300;

/**
 * The node of the cluster that went down last since the customers came, whether or not it is back: whoever kills a
 * second one after a mistake with the first means the second.
 */
function victimOf(lab: LabView): string | undefined {
  const since = trafficOfLesson(lab)?.startedAt ?? Number.POSITIVE_INFINITY;
  const nodes = lab.snapshot.nodes
    .filter(({ service, status }) => status.program === 'redis-server' && service !== 'redis')
    .map(({ service }) => service);
  const down = nodes.find((service) => !isRunning(lab, service));
  const back = nodes
    .filter((service) => startedAt(lab, service) > since)
    .sort((one, other) => startedAt(lab, other) - startedAt(lab, one));
  return down ?? back[0];
}

const viewOf = (lab: LabView, service: string) =>
  redisViews(lab).find((one) => one.service === service)?.view;

async function vouchersKept(lab: LabView): Promise<number> {
  const counts = await Promise.all(
    mastersOf(lab).map(async (service) => (await keysOn(lab, service, 'voucher:*')).length),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The time in which a part of the keys could not be reached, once it is over. */
async function outageOf(lab: LabView) {
  const from = trafficOfLesson(lab)?.startedAt;
  const { redis } = await cacheReport(lab);
  return redis?.outages.find((outage) => outage.to !== null && from !== undefined && outage.from >= from);
}

/** A first master that runs, to be killed. */
const aMaster = async (lab: LabView) => mastersOf(lab)[0];
const aReplica = async (lab: LabView) => redisViews(lab).find(({ view }) => view.role === 'replica')?.service;
const theVictim = async (lab: LabView) => victimOf(lab);

const twoMastersAndWholeState = async (lab: LabView): Promise<boolean> => {
  const victim = victimOf(lab);
  const nodes = await clusterNodes(lab);
  const served = nodes
    .filter(({ service }) => service !== victim)
    .reduce((sum, { ranges }) => sum + ranges.reduce((all, [a, b]) => all + b - a + 1, 0), 0);
  return victim !== undefined && served === 16_384;
};

const keepVouchers = bash(
  'redis1',
  `for n in $(seq ${vouchers}); do echo "SET voucher:$n 10"; done |
redis-cli -c -u redis://{{address redis1}} | sort | uniq -c`,
);
const customers = traffic('start', { rate: 30, orders: 0 });
const customersCome = until('customers read from all three masters', async (lab) => {
  const { reads } = await cacheReport(lab);
  return (reads.product?.fromCache.count ?? 0) + (reads.product?.fromDatabase.count ?? 0) >= 60;
});

export default lesson({
  minutes: 12,
  leavesNothing: true,
  needs: ['replication/whole-cluster'],
  checks: [
    check(`${vouchers} vouchers are kept on the cluster`, {
      at: 'redis1',
      kind: 'event',
      look: async (lab) => {
        const count = await vouchersKept(lab);
        return count === vouchers && victimOf(lab) === undefined
          ? pass(`${count} vouchers on ${mastersOf(lab).length} masters`)
          : pending(`${count} vouchers`, `${vouchers} vouchers, all nodes up`);
      },
    }),
    check('A replica has taken the place of a dead master', {
      at: 'redis1',
      kind: 'event',
      evenIfDown: true,
      look: async (lab) => {
        const expected = 'a master killed, and its replica serves its slots';
        const victim = victimOf(lab);
        if (victim === undefined) return pending('no node was killed', expected);
        const node = (await clusterNodes(lab)).find(({ service }) => service === victim);
        const view = viewOf(lab, victim);
        if (view && (view.slots ?? 0) > 0) {
          const count = await vouchersKept(lab);
          return count < vouchers
            ? wrong(
                'came-back-empty',
                `${victim} is master again, ${count} of ${vouchers} vouchers`,
                expected,
              )
            : pending(`${victim} is master again, before anybody missed it`, expected);
        }
        if (view?.role === 'replica') {
          return (await outageOf(lab))
            ? pass(`${victim} follows ${view.of}`)
            : wrong('killed-a-replica', `${victim} is a replica, and no key was missed`, expected);
        }
        if (node && !node.isMaster) return wrong('killed-a-replica', `${victim} was a replica`, expected);
        const isReplaced = await twoMastersAndWholeState(lab);
        const observed = `${victim} is down, ${mastersOf(lab).join(', ')} serve`;
        return isReplaced ? pass(observed) : pending(observed, expected);
      },
      reproduce: redisCli('redis2', 'CLUSTER NODES'),
    }),
    check('No voucher is lost, and the dead one is back as a replica', {
      at: 'redis1',
      kind: 'event',
      evenIfDown: true,
      look: async (lab) => {
        const expected = `3 masters, 3 replicas that follow, ${vouchers} vouchers`;
        const victim = victimOf(lab);
        if (victim === undefined) return pending('no node was killed', expected);
        const linked = redisViews(lab).filter(({ view }) => view.role === 'replica' && view.linked).length;
        const count = await vouchersKept(lab);
        const observed = `${mastersOf(lab).length} masters, ${linked} replicas that follow, ${count} vouchers`;
        const isBack = viewOf(lab, victim)?.role === 'replica';
        return isBack &&
          linked === 3 &&
          mastersOf(lab).length === 3 &&
          count === vouchers &&
          (await outageOf(lab))
          ? pass(observed)
          : pending(observed, expected);
      },
    }),
  ],
  questions: [number('outage', 's')],
  measurements: [
    measurement('outage', {
      unit: 's',
      measure: async (lab) => {
        const outage = await outageOf(lab);
        return outage?.to ? (outage.to - outage.from) / 1_000 : undefined;
      },
    }),
    measurement('failed', {
      unit: 'requests',
      measure: async (lab) => ((await outageOf(lab)) ? trafficOfLesson(lab)?.total.failed : undefined),
    }),
  ],
  mistakes: [
    mistake('killed-a-replica', {
      after: [
        ...saveCache({ connection: cluster }),
        clusterIsWhole,
        keepVouchers,
        customers,
        customersCome,
        fault('kill', aReplica),
      ],
    }),
    mistake('came-back-empty', {
      after: [
        ...saveCache({ connection: cluster }),
        clusterIsWhole,
        keepVouchers,
        customers,
        customersCome,
        fault('kill', aMaster),
        fault('start', theVictim),
      ],
    }),
  ],
  solution: [
    answer('outage', '8'),
    clusterIsWhole,
    keepVouchers,
    customers,
    customersCome,
    fault('kill', aMaster),
    until('its replica serves its slots', twoMastersAndWholeState),
    until('the shop reads from all masters again', async (lab) => (await outageOf(lab)) !== undefined),
    fault('start', theVictim),
    until('the dead one is back as a replica', async (lab) => {
      const victim = victimOf(lab);
      return victim !== undefined && viewOf(lab, victim)?.linked === true;
    }),
    traffic('stop'),
  ],
});
