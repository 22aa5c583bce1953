import {
  bash,
  check,
  clusterNodes,
  errorsOf,
  type LabView,
  lesson,
  mastersOf,
  mistake,
  pass,
  pending,
  redisCli,
  redisViews,
  wrong,
} from '../../../src/lesson/lesson.js';

const allSlots = 16_384;
const nodes = ['redis1', 'redis2', 'redis3', 'redis4', 'redis5', 'redis6'];

const create = (members: readonly string[], replicas: number) =>
  bash(
    'redis1',
    `redis-cli --cluster create --cluster-yes --cluster-replicas ${replicas} \\
${members.map((node) => `{{peer ${node}}}`).join(' \\\n')}`,
  );

async function refusedForLackOfCluster(lab: LabView): Promise<string | undefined> {
  for (const { service } of redisViews(lab)) {
    if ((await errorsOf(lab, service, 'CLUSTERDOWN').catch(() => 0)) > 0) return service;
  }
  return undefined;
}

export default lesson({
  minutes: 10,
  needs: ['replication/whole-cluster'],
  checks: [
    check('Six nodes are one cluster', {
      at: 'redis1',
      look: async (lab) => {
        const expected = 'redis1 to redis6 know each other, 16,384 slots served, cluster_state:ok';
        const views = redisViews(lab).filter(({ view }) => view.role !== 'silent');
        if (views.length < nodes.length)
          return pending(`${views.length} of ${nodes.length} nodes answer`, expected);
        const alone = views.filter(({ view }) => view.role === 'unjoined').length;
        if (alone === views.length) {
          const on = await refusedForLackOfCluster(lab);
          if (on) return wrong('not-created', `${on} has refused a command: CLUSTERDOWN`, expected);
          return pending(`${alone} nodes, each for itself`, expected);
        }
        const served = views.reduce((sum, { view }) => sum + (view.slots ?? 0), 0);
        if (served < allSlots) {
          return wrong('not-empty', `${served} of 16,384 slots are served, no cluster`, expected);
        }
        const members = await clusterNodes(lab);
        if (
          alone > 0 &&
          alone === nodes.length - members.length &&
          !members.some(({ isMaster }) => !isMaster)
        ) {
          return wrong('too-few', `a cluster of ${members.length}, ${alone} nodes left out`, expected);
        }
        const state = (await (await lab.redis('redis1')).cluster('INFO')) as string;
        const isOk = /cluster_state:ok/.test(state);
        const observed = `${members.length} nodes, ${served.toLocaleString('en')} slots, ${isOk ? 'ok' : 'not ok'}`;
        return isOk && members.length === nodes.length ? pass(observed) : pending(observed, expected);
      },
      reproduce: redisCli('redis1', 'CLUSTER INFO'),
    }),
    check('Each master has a replica', {
      at: 'redis1',
      look: async (lab) => {
        const views = redisViews(lab);
        const masters = mastersOf(lab);
        const followed = masters.filter((master) =>
          views.some(({ view }) => view.role === 'replica' && view.of === master && view.linked),
        );
        const observed = `${masters.length} masters, ${followed.length} of them with a replica`;
        return masters.length === 3 && followed.length === 3
          ? pass(observed)
          : pending(observed, '3 masters, each with a replica that follows it');
      },
      reproduce: redisCli('redis1', 'CLUSTER NODES'),
    }),
  ],
  mistakes: [
    mistake('not-created', { after: redisCli('redis1', 'SET basket:7 3') }),
    mistake('not-empty', {
      after: [redisCli('redis1', 'CLUSTER ADDSLOTS 0 1 2'), create(nodes, 1)],
    }),
    mistake('too-few', { after: create(['redis1', 'redis2', 'redis3'], 0) }),
  ],
  solution: [create(nodes, 1), redisCli('redis1', 'CLUSTER NODES')],
});
