import {
  answer,
  bash,
  cacheFault,
  cacheReport,
  check,
  clusterNodes,
  fault,
  isInUse,
  type LabView,
  lesson,
  measurement,
  mistake,
  number,
  pass,
  pending,
  redisCli,
  type Step,
  until,
  wrong,
} from '../../../src/lesson/lesson.js';
import { cluster, clusterIsWhole, saveCache } from '../cache-files.js';

/** The cluster's nodes as clients are told to reach them, and as they can be reached. */
async function addresses(lab: LabView) {
  return (await clusterNodes(lab)).map(({ service, announced, busPort }) => {
    const own = `${announced.replace(/:\d+$/, '')}:${busPort - 10_000}`;
    return { service, announced, own, isElsewhere: announced !== own };
  });
}

const elsewhere = async (lab: LabView) => (await addresses(lab)).filter(({ isElsewhere }) => isElsewhere);

const announce = (node: string, port: number): readonly Step[] => [
  bash(node, `perl {{course silence.pl}} {{peer ${node}}} ${port} > /dev/null 2>&1 &`),
  redisCli(node, `CONFIG SET cluster-announce-port ${port}`),
];
const moved = [
  clusterIsWhole,
  ...announce('redis2', 7992),
  ...announce('redis3', 7993),
  until('the cluster announces both elsewhere', async (lab) => (await elsewhere(lab)).length === 2),
];

const entry = (node: string, port: number) => `    '{{host ${node}}}:${port}': '{{peer ${node}}}',\n`;
const withNatMap = (entries: string) => `{
  nodes: ['redis1'],
  cluster: true,
  natMap: {
${entries}  },
}`;
const both = withNatMap(entry('redis2', 7992) + entry('redis3', 7993));
const customers = bash(
  'shop1',
  `curl -s -o /dev/null -w '%{http_code} %{time_total} s\\n' \\
  'http://{{address shop1}}/products/PHO-[0101-0110]'`,
);
const twice = bash(
  'shop1',
  `curl -s -o /dev/null -w '%{http_code} %{time_total} s\\n' \\
  'http://{{address shop1}}/products/PHO-[0101-0140]'
curl -s -o /dev/null -w '%{http_code} %{time_total} s\\n' \\
  'http://{{address shop1}}/products/PHO-[0101-0140]'`,
);

/** How long the shop waited in vain for a node, of those commands that ended by their deadline. */
async function hang(lab: LabView) {
  const { redis } = await cacheReport(lab);
  return redis?.outages.find(({ from, why }) => from > lab.begun && /timed out/i.test(why));
}

export default lesson({
  minutes: 14,
  leavesFile: true,
  file: 'shop/cache.js',
  needs: ['replication/whole-cluster'],
  checks: [
    check('The shop waits for addresses where nobody answers', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const expected = 'nodes announced elsewhere, and commands of the shop that time out';
        const away = await elsewhere(lab);
        if (away.length === 0) return pending('every node is announced where it is', expected);
        const observed = away.map(({ service, announced }) => `${service} at ${announced}`).join(', ');
        const waited = await hang(lab);
        return waited ? pass(`${observed}: ${waited.why}`) : pending(observed, expected);
      },
      reproduce: redisCli('redis1', 'CLUSTER NODES'),
    }),
    check('The shop knows another way to them', {
      at: 'shop1',
      kind: 'event',
      look: async (lab) => {
        const expected = 'nodes announced elsewhere, and all products read from Redis';
        const report = await cacheReport(lab);
        const away = await elsewhere(lab);
        if (away.length === 0) return pending('every node is announced where it is', expected);
        const broken = cacheFault(report);
        if (broken) return wrong('broken-file', broken, expected);
        if (!isInUse(report, lab)) return pending('the shop is loading cache.js', expected);
        const natMap = report.redis?.natMap ?? {};
        const mapped = Object.keys(natMap);
        if (mapped.length === 0) return pending('no natMap', expected);
        if (away.some(({ announced }) => Object.values(natMap).includes(announced)))
          return wrong('other-way-round', `natMap leads to ${Object.values(natMap).join(', ')}`, expected);
        const missing = away.find(({ announced }) => !mapped.includes(announced));
        if (missing) {
          return wrong(
            'one-missing',
            `${missing.service}, at ${missing.announced}, is not in natMap`,
            expected,
          );
        }
        const { fromCache } = report.reads.product ?? {};
        const unreached = report.redis?.outages.filter(({ to }) => to === null).length ?? 0;
        const observed = `${fromCache?.count ?? 0} products from Redis, ${unreached} parts out of reach`;
        return (fromCache?.count ?? 0) >= 30 && unreached === 0
          ? pass(observed)
          : pending(observed, expected);
      },
    }),
    check('Every node is announced where it is, and the shop needs no map', {
      at: 'redis1',
      holdsAtStart: true,
      look: async (lab) => {
        const expected = 'no node announced elsewhere, no natMap';
        const away = await elsewhere(lab);
        const { redis } = await cacheReport(lab);
        const mapped = Object.keys(redis?.natMap ?? {});
        const observed = `${away.length} nodes announced elsewhere, ${mapped.length} in natMap`;
        return away.length === 0 && mapped.length === 0 ? pass(observed) : pending(observed, expected);
      },
      reproduce: redisCli('redis1', 'CLUSTER NODES'),
    }),
  ],
  questions: [number('slowest', 'ms')],
  measurements: [
    measurement('slowest', {
      unit: 'ms',
      measure: async (lab) => {
        if ((await hang(lab)) === undefined) return undefined;
        return (await cacheReport(lab)).reads.product?.slowestMs;
      },
    }),
  ],
  mistakes: [
    mistake('one-missing', {
      after: [...moved, ...saveCache({ connection: withNatMap(entry('redis2', 7992)) }), customers],
    }),
    mistake('other-way-round', {
      after: [
        ...moved,
        ...saveCache({
          connection: withNatMap(
            `    '{{peer redis2}}': '{{host redis2}}:7992',\n    '{{peer redis3}}': '{{host redis3}}:7993',\n`,
          ),
        }),
        customers,
      ],
    }),
    mistake('broken-file', {
      after: [...moved, ...saveCache({ connection: withNatMap(`    redis2: '{{peer redis2}}',\n`) })],
    }),
  ],
  solution: [
    answer('slowest', '1000'),
    ...moved,
    fault('kill', 'shop1'),
    fault('start', 'shop1'),
    // Which of the nodes it asks first is chance, and those that are silent keep it waiting.
    until('the shop is connected', async (lab) => (await cacheReport(lab)).redis?.connected === true),
    customers,
    ...saveCache({ connection: both }),
    twice,
    redisCli('redis2', 'CONFIG SET cluster-announce-port 0'),
    redisCli('redis3', 'CONFIG SET cluster-announce-port 0'),
    until('the cluster announces nobody elsewhere', async (lab) => (await elsewhere(lab)).length === 0),
    ...saveCache({ connection: cluster }),
  ],
});
