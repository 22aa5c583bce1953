import {
  balancerIsOn,
  balancerSwitches,
  check,
  type LabView,
  lesson,
  mistake,
  mongosh,
  movesOf,
  ownedByShard,
  pass,
  pending,
  rangesOf,
  shardedCollection,
  until,
  wrong,
} from '../../../src/lesson/lesson.js';

const namespace = 'shop.visits';
const documents = 8000;
/** Bytes. */
const small = 1024 * 1024;

const fill = `use shop
sh.shardCollection("shop.visits", { day: 1 })
db.visits.insertMany(Array.from({ length: 8000 }, (_, i) => ({
  day: i % 365, text: "x".repeat(1000)
})), { ordered: false }).acknowledged`;
const off = 'sh.stopBalancer()';
const on = 'sh.startBalancer()';
const byHand = 'sh.moveRange("shop.visits", "shard2", { day: 300 }, { day: MaxKey })';
const smallRanges = `db.adminCommand({
  configureCollectionBalancing: "shop.visits", chunkSize: 1
})`;
const status = 'sh.balancerCollectionStatus("shop.visits")';
const typed = (...lines: string[]) => mongosh('router1', lines.join('\n'));

/** What has moved in this lesson, and what the balancer has to say of it. */
async function movesIn({ mongo, begun }: LabView) {
  const moves = await movesOf(mongo('router1'), namespace, { since: begun });
  return {
    byHand: moves.filter(({ balancerOff }) => balancerOff),
    byBalancer: moves.filter(({ balancerOff }) => !balancerOff),
  };
}

/** Whether the balancer was started in this lesson, after it had been stopped in it. */
async function startedAgain({ mongo, begun }: LabView): Promise<boolean> {
  const switches = (await balancerSwitches(mongo('router1'))).filter(({ at }) => at.getTime() >= begun);
  const stopped = switches.findIndex((one) => !one.on);
  return stopped >= 0 && switches.slice(stopped).some((one) => one.on);
}

async function isEven({ mongo }: LabView): Promise<boolean> {
  const answer = await mongo('router1').db('admin').command({ balancerCollectionStatus: namespace });
  return answer.balancerCompliant === true;
}

async function evenedOut(lab: LabView): Promise<boolean> {
  const { byBalancer } = await movesIn(lab);
  return byBalancer.length > 0 && (await isEven(lab));
}

export default lesson({
  minutes: 9,
  leavesNothing: true,
  checks: [
    check('You moved the newest days to shard2, with the balancer off', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const router = lab.mongo('router1');
        const collection = await shardedCollection(router, namespace);
        const expected = 'the range from day 300 on shard2, moved while the balancer was off';
        if (!collection) return pending(`${namespace} is not sharded`, expected);
        const owned = await ownedByShard(router, namespace);
        const counts = ['shard1', 'shard2'].map((shard) => owned.get(shard) ?? 0);
        const observed = `${counts[0]} on shard1, ${counts[1]} on shard2`;
        if (counts[0] === 0 && counts[1] === documents) return wrong('everything-moved', observed, expected);
        const moves = await movesIn(lab);
        const last = (await rangesOf(router, collection)).at(-1);
        if (moves.byHand.length > 0 && last?.shard === 'shard2') return pass(observed);
        return moves.byHand.length === 0 &&
          moves.byBalancer.length > 0 &&
          collection.maxChunkSizeBytes === undefined
          ? wrong('balancer-on', `${observed}; moved while the balancer was on`, expected)
          : pending(observed, expected);
      },
      reproduce: mongosh(
        'router1',
        'db.getSiblingDB("config").changelog.find({ what: "moveChunk.commit", ns: "shop.visits" })',
      ),
    }),
    check('The balancer has evened out the rest', {
      at: 'router1',
      look: async (lab) => {
        const router = lab.mongo('router1');
        const collection = await shardedCollection(router, namespace);
        const expected = 'ranges of 1 MB, the balancer on, some moved by it, and nothing left to do';
        if (!collection) return pending(`${namespace} is not sharded`, expected);
        const moves = await movesIn(lab);
        const isOn = await balancerIsOn(router);
        const observed = `balancer ${isOn ? 'on' : 'off'}, ${moves.byBalancer.length} ranges moved by it`;
        if (moves.byHand.length > 0 && isOn && collection.maxChunkSizeBytes === undefined) {
          return (await startedAgain(lab))
            ? wrong('too-large-ranges', `${observed}, ranges of the usual size`, expected)
            : pending(observed, expected);
        }
        const done = isOn && collection.maxChunkSizeBytes === small && (await evenedOut(lab));
        return done ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('router1', 'sh.balancerCollectionStatus("shop.visits")'),
    }),
    check('All 8,000 visits are there, on both shards', {
      at: 'router1',
      look: async ({ mongo }) => {
        const owned = await ownedByShard(mongo('router1'), namespace);
        const counts = ['shard1', 'shard2'].map((shard) => owned.get(shard) ?? 0);
        const seen = await mongo('router1').db('shop').collection('visits').countDocuments();
        const observed = `${seen} visits: ${counts[0]} on shard1, ${counts[1]} on shard2`;
        const expected = `${documents}, at least 2000 on each`;
        return seen === documents && counts.every((count) => count >= 2000)
          ? pass(observed)
          : pending(observed, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").visits.getShardDistribution()'),
    }),
  ],
  mistakes: [
    mistake('balancer-on', { after: typed(fill, byHand) }),
    mistake('everything-moved', { after: typed(fill, off, byHand.replace('300', 'MinKey')) }),
    mistake('too-large-ranges', { after: typed(fill, off, byHand, on) }),
  ],
  solution: [
    typed(fill, off, byHand, 'db.visits.getShardDistribution()', smallRanges, on, status),
    until('the balancer finds nothing more to move', evenedOut, { within: 120_000 }),
  ],
});
