import {
  answer,
  bash,
  cacheFault,
  cacheReport,
  check,
  choice,
  clusterNodes,
  errorsOf,
  isInUse,
  keysOn,
  type LabView,
  lesson,
  mastersOf,
  mistake,
  pass,
  pending,
  redisCli,
  wrong,
} from '../../../src/lesson/lesson.js';
import { cluster, clusterIsWhole, saveCache } from '../cache-files.js';

const nodes = ['redis1', 'redis2', 'redis3', 'redis4', 'redis5', 'redis6'];
const asked = 'product:PHO-0001';

async function slotOf(lab: LabView, key: string): Promise<number> {
  return Number(await (await lab.redis(mastersOf(lab)[0] ?? 'redis1')).cluster('KEYSLOT', key));
}

async function ownerOf(lab: LabView, key: string): Promise<string | undefined> {
  const slot = await slotOf(lab, key);
  const owner = (await clusterNodes(lab)).find(({ ranges }) =>
    ranges.some(([first, last]) => first <= slot && slot <= last),
  );
  return owner?.service;
}

/** Keys like these on every master. */
async function keysOnMasters(lab: LabView, match: string) {
  return Promise.all(
    mastersOf(lab).map(async (service) => ({ service, keys: await keysOn(lab, service, match) })),
  );
}

const customers = bash(
  'shop1',
  `curl -s -o /dev/null -w '%{http_code}\\n' \\
  'http://{{address shop1}}/products/PHO-[0001-0060]' | sort | uniq -c`,
);
const basket = (items: string, total: string) =>
  bash(
    'redis1',
    `redis-cli -c -u redis://{{address redis1}} \\
  MSET '${items}' 3 '${total}' 5990`,
  );

export default lesson({
  minutes: 12,
  leavesFile: true,
  file: 'shop/cache.js',
  needs: ['replication/whole-cluster'],
  checks: [
    check(`You know which master keeps ${asked}`, {
      at: 'redis1',
      kind: 'event',
      look: async (lab) => {
        const said = lab.answer('owner');
        const expected = 'the master that serves its slot';
        if (said === undefined) return pending('not answered yet', expected);
        const owner = await ownerOf(lab, asked);
        const observed = `slot ${await slotOf(lab, asked)}, you said ${said}`;
        return said === owner ? pass(observed) : wrong('wrong-node', observed, expected);
      },
      reproduce: redisCli('redis1', `CLUSTER KEYSLOT ${asked}`),
    }),
    check('The shop keeps products on all three masters', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const expected = 'the shop as a client of the cluster, products on each master';
        const report = await cacheReport(lab);
        const fault = cacheFault(report);
        if (fault) return wrong('broken-file', fault, expected);
        if (!isInUse(report, lab)) return pending('the shop is loading cache.js', expected);
        const { redis, reads } = report;
        const onCluster = redis?.nodes.some((name) => nodes.includes(name)) ?? false;
        if (redis?.cluster && !onCluster) {
          const said = redis.error ?? 'not connected';
          return wrong('cluster-mode-off', `${redis.nodes.join(', ')} as a cluster: ${said}`, expected);
        }
        if (!redis || !onCluster)
          return pending(`the shop uses ${redis?.nodes.join(', ') ?? 'no Redis'}`, expected);
        if (!redis.cluster && reads.product) {
          return wrong(
            'plain-client',
            `one connection to ${redis.nodes[0]}, which sends it elsewhere`,
            expected,
          );
        }
        const kept = await keysOnMasters(lab, 'product:*');
        const observed = kept.map(({ service, keys }) => `${service} ${keys.length}`).join(', ');
        const everywhere = kept.length === 3 && kept.every(({ keys }) => keys.length > 0);
        return redis.cluster && redis.connected && everywhere ? pass(observed) : pending(observed, expected);
      },
    }),
    check('Two keys of one basket are on one node', {
      at: 'redis1',
      kind: 'event',
      look: async (lab) => {
        const expected = 'two keys of a basket, written in one command, in one slot';
        const found = (await keysOnMasters(lab, 'basket:*')).flatMap(({ keys }) =>
          keys.map(({ key }) => key),
        );
        const slots = await Promise.all(found.map((key) => slotOf(lab, key)));
        const together = found.filter((_, index) => slots.filter((slot) => slot === slots[index]).length > 1);
        if (together.length >= 2) return pass(`${together.join(', ')} in one slot`);
        const refused = await Promise.all(
          mastersOf(lab).map((service) => errorsOf(lab, service, 'CROSSSLOT')),
        );
        const observed = found.length === 0 ? 'no basket on the cluster' : found.join(', ');
        return refused.some((times) => times > 0)
          ? wrong('crossslot', `${observed}, refused: CROSSSLOT`, expected)
          : pending(observed, expected);
      },
    }),
  ],
  questions: [choice('owner', ['redis1', 'redis2', 'redis3', 'redis4', 'redis5', 'redis6'])],
  mistakes: [
    mistake('wrong-node', {
      after: answer('owner', async (lab) => {
        const owner = await ownerOf(lab, asked);
        return nodes.find((node) => node !== owner) ?? '';
      }),
    }),
    mistake('plain-client', { after: [...saveCache({ connection: "{ nodes: ['redis1'] }" }), customers] }),
    mistake('cluster-mode-off', {
      after: saveCache({ connection: "{ nodes: ['redis'], cluster: true }" }),
    }),
    mistake('crossslot', { after: [clusterIsWhole, basket('basket:7:items', 'basket:7:total')] }),
    mistake('broken-file', {
      after: saveCache({ connection: "{ nodes: ['redis1', 'redis2'] }" }),
    }),
  ],
  solution: [
    clusterIsWhole,
    redisCli('redis1', `CLUSTER KEYSLOT ${asked}\nCLUSTER NODES`),
    answer('owner', async (lab) => (await ownerOf(lab, asked)) ?? ''),
    ...saveCache({ connection: cluster }),
    customers,
    basket('basket:{7}:items', 'basket:{7}:total'),
  ],
});
