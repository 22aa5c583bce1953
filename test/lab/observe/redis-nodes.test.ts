import { describe, expect, test } from 'vitest';
import type { Program } from '../../../src/lab/compose/service.js';
import { parseClusterNodes, parseInfo, slotCount } from '../../../src/lab/observe/redis-nodes.js';
import { redisView } from '../../../src/lab/observe/redis-poller.js';

/** As Redis 6.2.14 said it of six nodes, the first of which announced another port; and 7.0 with host names. */
const sixNodes = `da30 127.0.0.1:18505@28505 slave ead8 0 1795203554566 2 connected
fa79 127.0.0.1:18503@28503 master - 0 1795203554465 3 connected 10923-16383
82aa 127.0.0.1:18506@28506 slave fa79 0 1795203554000 3 connected
ead8 127.0.0.1:18502@28502 myself,master - 0 1795203553000 2 connected 5461-10922
894b 127.0.0.1:17999@28501 master,fail? - 0 1795203554000 1 disconnected 0-5459 5460 [5460->-ead8]
94f0 127.0.0.1:18504@28504 slave 894b 0 1795203554566 1 connected
77aa 127.0.0.1:18509@28509 handshake - 0 0 0 disconnected
`;
const named = 'ead8 172.18.0.3:7001@17001,redis1,shard-id=1f myself,master - 0 0 1 connected\n';

const services = [1, 2, 3, 4, 5, 6].map((number) => ({
  name: `redis${number}`,
  program: 'redis-server' as Program,
  args: [],
  ports: [18_500 + number],
}));

describe('CLUSTER NODES', () => {
  const nodes = parseClusterNodes(sixNodes);

  test('is read node by node, without those that are only being met', () => {
    expect(nodes).toHaveLength(6);
    expect(nodes[3]).toEqual({
      id: 'ead8',
      announced: '127.0.0.1:18502',
      busPort: 28_502,
      isMyself: true,
      isMaster: true,
      health: 'ok',
      ranges: [[5461, 10_922]],
    });
    expect(nodes[0]).toMatchObject({ isMaster: false, masterId: 'ead8' });
  });

  test('tells what clients are told apart from where a node is', () => {
    expect(nodes[4]).toMatchObject({ announced: '127.0.0.1:17999', busPort: 28_501, health: 'suspect' });
    expect(parseClusterNodes(named)[0]).toMatchObject({ announced: 'redis1:7001', busPort: 17_001 });
  });

  test('counts slots, and not those that only move', () => {
    expect(nodes.map(slotCount).reduce((sum, count) => sum + count)).toBe(16_384);
  });
});

describe('what a Redis says of itself', () => {
  const info = (text: string) => parseInfo(text.replaceAll('\n', '\r\n'));

  test('one without a cluster: its keys, and how many reads found theirs', () => {
    expect(
      redisView(info('# Stats\nkeyspace_hits:95\nkeyspace_misses:5\ndb0:keys=12,expires=3'), [], []),
    ).toEqual({ role: 'single', keys: 12, hitRate: 95 });
    expect(redisView(info('keyspace_hits:0\nkeyspace_misses:0\n'), [], [])).toEqual({
      role: 'single',
      keys: 0,
    });
  });

  test('a node that nobody has joined to a cluster is no master yet', () => {
    const alone = parseClusterNodes(named);
    expect(redisView(info('cluster_enabled:1'), alone, services)).toMatchObject({ role: 'unjoined' });
  });

  test('a replica knows its master by the bus, whatever port that announces', () => {
    const asked = sixNodes.replace('myself,', '').replace('18504@28504 slave', '18504@28504 myself,slave');
    expect(redisView(info('master_link_status:down'), parseClusterNodes(asked), services)).toMatchObject({
      role: 'replica',
      of: 'redis1',
      linked: false,
      nodes: 6,
    });
  });
});
