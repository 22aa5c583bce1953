import {
  balancerIsOn,
  check,
  composeWith,
  isRunning,
  type LabView,
  lesson,
  mistake,
  mongosh,
  movesOf,
  pass,
  pending,
  readOwnCompose,
  removedShards,
  shardIds,
  until,
  up,
  write,
  wrong,
} from '../../../src/lesson/lesson.js';

const namespace = 'shop.parcels';
const parcels = 3000;
/** The faults of the file that have an explanation of their own. */
const explained = ['both-roles', 'no-role', 'port-clash', 'no-volume'];

const service = ({ roles = '--shardsvr ', port = 27131, data = true } = {}) => `  shard3a:
    <<: *mongo
    command: >-
      mongod ${roles}--replSet shard3 --port ${port} --bind_ip_all
      --dbpath /data/db --wiredTigerCacheSizeGB 0.25
      --setParameter shutdownTimeoutMillisForSignaledShutdown=1000
      --setParameter reshardingMinimumOperationDurationMillis=0
      --setParameter orphanCleanupDelaySecs=1
    ports: ["127.0.0.1:${port}:${port}"]
    volumes:
${data ? '      - shard3a:/data/db\n' : ''}      - ../assets/shop:/course:ro
`;
const save = (options: Parameters<typeof service>[0] = {}) =>
  write('compose.yaml', composeWith(service(options), 'shard3a'));

const initiate = `rs.initiate({
  _id: "shard3",
  members: [ { _id: 0, host: "{{peer shard3a}}" } ]
})
while (!db.hello().isWritablePrimary) sleep(200)`;
const addShard = 'sh.addShard("shard3/{{peer shard3a}}")';
const fill = `sh.stopBalancer()
use shop
sh.shardCollection("shop.parcels", { n: 1 })
db.parcels.insertMany(
  Array.from({ length: 3000 }, (_, n) => ({ n })), { ordered: false }
).acknowledged
sh.moveRange("shop.parcels", "shard3", { n: MinKey }, { n: 1500 })
db.parcels.getShardDistribution()`;
const on = 'sh.startBalancer()';
const removeOnce = 'db.adminCommand({ removeShard: "shard3" })';
const drain = `const step = () => db.adminCommand({ removeShard: "shard3" })
while (step().state !== "completed") sleep(1000)
db.adminCommand({ listShards: 1 }).shards`;
const clean = 'db.getSiblingDB("shop").dropDatabase()';

/** Whether shard3 was let go in this lesson. */
async function letGo(lab: LabView): Promise<boolean> {
  const removed = await removedShards(lab.mongo('router1'), { since: lab.begun });
  return removed.includes('shard3') && !(await shardIds(lab.mongo('router1'))).includes('shard3');
}

export default lesson({
  minutes: 14,
  leavesNothing: true,
  file: 'compose.yaml',
  checks: [
    check('Your compose file has a sound service shard3a', {
      at: 'router1',
      look: async (lab) => {
        const expected = 'a service shard3a that both runtimes can run';
        const own = await readOwnCompose(lab);
        if (!own) return pending('no compose.yaml of your own yet', expected);
        const { fault } = own;
        if (fault) {
          const repaired = `${expected}; to begin with the course's file: mongo-scale-course reset compose.yaml`;
          return fault.id !== undefined && explained.includes(fault.id)
            ? wrong(fault.id, fault.text, repaired)
            : pending(fault.text, repaired);
        }
        return own.services.includes('shard3a')
          ? pass(`${own.services.length} services, shard3a among them`)
          : pending(`it has ${own.services.join(', ')}`, expected);
      },
    }),
    check('shard3a runs, a set of its own called shard3', {
      at: 'shard3a',
      evenIfDown: true,
      look: async (lab) => {
        const expected = 'running, set shard3, primary';
        if (!isRunning(lab, 'shard3a')) return pending('shard3a does not run', expected);
        const { setName, isWritablePrimary } = await lab.mongo('shard3a').db('admin').command({ hello: 1 });
        if (!setName) return pending('running, not initiated', expected);
        const observed = `set ${setName}, ${isWritablePrimary ? 'primary' : 'no primary'}`;
        return setName === 'shard3' && isWritablePrimary ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('shard3a', 'db.hello().setName'),
    }),
    check('The cluster took it in, and it was given a part of the parcels', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const router = lab.mongo('router1');
        const expected = `a range of ${namespace} moved to shard3`;
        const moves = await movesOf(router, namespace, { since: lab.begun });
        if (moves.some(({ to }) => to === 'shard3')) return pass('a range was moved to shard3');
        const shards = await shardIds(router);
        return pending(`shards: ${shards.join(', ')}`, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").parcels.getShardDistribution()'),
    }),
    check('It was drained and let go, and no parcel is lost', {
      at: 'router1',
      look: async (lab) => {
        const router = lab.mongo('router1');
        const expected = `shard3 removed, ${parcels} parcels`;
        const draining = await router
          .db('config')
          .collection<{ _id: string; draining?: boolean }>('shards')
          .findOne({ _id: 'shard3', draining: true });
        if (draining) {
          const left = await router.db('config').collection('chunks').countDocuments({ shard: 'shard3' });
          const observed = `shard3 is draining, ${left} ranges left`;
          return (await balancerIsOn(router))
            ? pending(observed, expected)
            : wrong('never-drains', `${observed}; the balancer is off`, expected);
        }
        if (!(await letGo(lab))) return pending('shard3 was not removed', expected);
        const count = await router.db('shop').collection('parcels').countDocuments();
        const observed = `shard3 removed, ${count} parcels`;
        return count >= parcels ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('router1', 'db.adminCommand({ listShards: 1 }).shards'),
    }),
    check('The machine goes back empty', {
      at: 'shard3a',
      evenIfDown: true,
      look: async (lab) => {
        const expected = 'after it was let go, no database of the shop on shard3a';
        if (!(await letGo(lab))) return pending('shard3 was not removed', expected);
        if (!isRunning(lab, 'shard3a')) return pending('shard3a does not run', expected);
        const { databases } = await lab
          .mongo('shard3a')
          .db('admin')
          .admin()
          .listDatabases({ nameOnly: true });
        const own = ['admin', 'config', 'local'];
        const names = databases.map(({ name }) => name).filter((name) => !own.includes(name));
        return names.length === 0
          ? pass('no database of the shop')
          : pending(`it still has ${names.join(', ')}`, expected);
      },
      reproduce: mongosh('shard3a', 'db.adminCommand({ listDatabases: 1, nameOnly: true }).databases'),
    }),
  ],
  mistakes: [
    mistake('both-roles', { after: save({ roles: '--shardsvr --configsvr ' }) }),
    mistake('no-role', { after: save({ roles: '' }) }),
    mistake('port-clash', { after: save({ port: 27121 }) }),
    mistake('no-volume', { after: save({ data: false }) }),
    mistake('never-drains', {
      after: [
        save(),
        up(),
        mongosh('shard3a', initiate),
        mongosh('router1', `${addShard}\n${fill}\n${removeOnce}`),
      ],
    }),
  ],
  solution: [
    save(),
    up(),
    mongosh('shard3a', initiate),
    mongosh('router1', `${addShard}\n${fill}\n${on}\n${drain}`),
    until('shard3 is let go', letGo, { within: 120_000 }),
    mongosh('shard3a', clean),
  ],
});
