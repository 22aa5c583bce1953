import {
  answer,
  check,
  fault,
  findsOn,
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
  primaryOf,
  readSetStatus,
  secondariesOf,
  secondary,
  statesInWords,
  until,
  wrong,
} from '../../../src/lesson/lesson.js';

const members = ['shard1a', 'shard1b', 'shard1c'] as const;
const namespace = 'shop.notices';

const living = (lab: LabView) => members.filter((service) => isRunning(lab, service));
const missing = firstDown(members);

/** Servers of shards that are down; a shard is named by what comes before its member's letter. */
const down = ({ snapshot }: LabView) =>
  snapshot.nodes.filter(({ service, status }) => /^shard/.test(service) && status.state !== 'running');

/** The member that is left alone, once it has given up being primary. */
function leftAlone(lab: LabView): string | undefined {
  const [only, ...more] = living(lab);
  return more.length === 0 && only && secondariesOf(lab, 'shard1').includes(only) ? only : undefined;
}

/**
 * Under which name it is kept how many reads of the notice a member had answered when it last was not alone. A server
 * counts them since it started and does not tell when they came.
 */
const readsBefore = (service: string): string => `reads of ${service}`;

/** Reads of the notice that the member which is left answered since it was seen among others. */
async function readsAlone(alone: string, { mongo, recall }: LabView): Promise<number> {
  const reads = await findsOn(mongo(alone), namespace);
  const before = recall(readsBefore(alone)) ?? 0;
  // Fewer than before: it was restarted, and has counted from nothing.
  return reads < before ? reads : reads - before;
}

async function noteReads(lab: LabView): Promise<void> {
  const first = primaryOf(lab, 'shard1');
  const answering = [...(first ? [first] : []), ...secondariesOf(lab, 'shard1')];
  await Promise.all(
    answering.map(async (service) => {
      // Whoever is killed at this moment is not the one that will be left.
      const reads = await findsOn(lab.mongo(service), namespace).catch(() => undefined);
      if (reads !== undefined) lab.remember(readsBefore(service), reads);
    }),
  );
}

/** Deaths that do not make what the lesson is about. */
function otherDeaths(lab: LabView, expected: string) {
  const names = down(lab).map(({ service }) => service);
  const observed = `down: ${names.join(', ')}`;
  if (living(lab).length === 0) return wrong('all-three-down', observed, expected);
  const sets = new Set(names.map((name) => name.slice(0, -1)));
  return names.length === 2 && sets.size === 2 ? wrong('one-of-each', observed, expected) : undefined;
}

/**
 * Seconds from the start of the member that made two of three to the election: of three, all of them up again, it is
 * the one that started second. Only where it started after the notice was put up.
 */
async function untilElected(lab: LabView): Promise<number | undefined> {
  const first = primaryOf(lab, 'shard1');
  if (!first || living(lab).length < members.length) return undefined;
  // Without a notice, its write would be looked for in the whole oplog.
  if (!(await lab.mongo(first).db('shop').collection('notices').estimatedDocumentCount())) return undefined;
  const statuses = await Promise.all(
    members.map((service) =>
      lab.mongo(service).db('admin').command({ serverStatus: 1, metrics: 0, wiredTiger: 0, tcmalloc: 0 }),
    ),
  );
  const starts = statuses
    .map(({ localTime, uptimeMillis }) => Number(localTime) - Number(uptimeMillis))
    .sort((one, other) => one - other);
  const { electionCandidateMetrics } = await lab.mongo(first).db('admin').command({ replSetGetStatus: 1 });
  const notice = await lab
    .mongo(first)
    .db('local')
    .collection('oplog.rs')
    .find({ ns: namespace, op: 'i' }, { maxTimeMS: 3_000 })
    .sort({ $natural: -1 })
    .limit(1)
    .next();
  const returned = starts[1] as number;
  const elected = Number(electionCandidateMetrics?.lastElectionDate ?? Number.NaN);
  return notice && returned > Number(notice.wall) && elected > returned
    ? Math.round((elected - returned) / 100) / 10
    : undefined;
}

const close = `use shop
db.notices.insertOne({ _id: "shop", text: "Closed for repairs", open: false })`;
const readNotice = 'use shop\ndb.notices.find().readPref("secondaryPreferred")';
const forced = `cfg = rs.conf()
cfg.members = cfg.members.filter(m => m.host === db.hello().me)
rs.reconfig(cfg, { force: true })`;

export default lesson({
  minutes: 9,
  leavesNothing: true,
  needs: ['replication/three-members'],
  checks: [
    check('One member of shard1 is left, and there is no primary', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const expected = '1 of 3 members up, SECONDARY';
        const others = otherDeaths(lab, expected);
        if (others) return others;
        const alone = leftAlone(lab);
        if (alone) return pass(`${alone} is alone, SECONDARY`);
        const first = primaryOf(lab, 'shard1');
        return pending(
          `${living(lab).length} of 3 members up, ${first ? `${first} is primary` : 'no primary'}`,
          expected,
        );
      },
      reproduce: mongosh('shard1a', 'rs.status().members.map(m => m.name + " " + m.stateStr)'),
    }),
    check('The notice was read while nobody could write', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const expected = 'a read of shop.notices, answered by the member that is left';
        if (living(lab).length > 1) {
          await noteReads(lab);
          return pending('shard1 has its majority', expected);
        }
        const alone = leftAlone(lab);
        if (!alone) return pending('no member of shard1 is alone and SECONDARY yet', expected);
        const reads = await readsAlone(alone, lab);
        const observed = `${reads} reads of shop.notices on ${alone} since it is alone`;
        return reads > 0 ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").notices.find().readPref("secondaryPreferred")'),
    }),
    check('The set has healed, and the shop is open again', {
      at: 'router1',
      look: async (lab) => {
        const expected = '3 members, 1 PRIMARY, the notice says open';
        const set = await readSetStatus(lab, members);
        if (!set) return pending('no member of shard1 is up', expected);
        const states = statesInWords(set.members);
        if (set.members.length < 3) {
          return wrong('forced-smaller-set', `shard1 has ${set.members.length} members: ${states}`, expected);
        }
        const whole = set.members.every(({ state }) => state === 'PRIMARY' || state === 'SECONDARY');
        if (!whole || !primaryOf(lab, 'shard1')) return pending(states, expected);
        const notice = await lab
          .mongo('router1')
          .db('shop')
          .collection<{ _id: string; open?: boolean }>('notices')
          .aggregate<{ open?: boolean }>([{ $match: { _id: 'shop' } }])
          .next();
        if (!notice) return pending(`${states}; no notice`, expected);
        return notice.open === true
          ? pass(`${states}; the shop is open`)
          : pending(`${states}; the notice says closed`, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").notices.find()'),
    }),
  ],
  questions: [number('healed-in', 's')],
  measurements: [measurement('healed-in', { unit: 's', measure: untilElected })],
  mistakes: [
    mistake('one-of-each', {
      after: [fault('kill', secondary('shard1')), fault('kill', 'shard2b')],
    }),
    mistake('forced-smaller-set', {
      after: [
        fault('kill', secondary('shard1')),
        fault('kill', secondary('shard1')),
        mongosh(async (lab) => living(lab)[0], forced),
      ],
    }),
    mistake('all-three-down', {
      after: [
        fault('kill', secondary('shard1')),
        fault('kill', secondary('shard1')),
        fault('kill', async (lab) => living(lab)[0]),
      ],
    }),
  ],
  solution: [
    answer('healed-in', '10'),
    mongosh('router1', close),
    fault('kill', primary('shard1')),
    fault('kill', async (lab) => living(lab)[0]),
    until('the member that is left knows that it is alone', async (lab) => leftAlone(lab) !== undefined),
    mongosh('router1', readNotice),
    fault('start', missing),
    fault('start', missing),
    until('shard1 has a primary', async (lab) => primaryOf(lab, 'shard1') !== undefined),
    mongosh('router1', 'use shop\ndb.notices.updateOne({ _id: "shop" }, { $set: { open: true } })'),
  ],
});
