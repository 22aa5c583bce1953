import type { Document, ObjectId } from 'mongodb';
import {
  answer,
  check,
  fault,
  firstDown,
  isWhole,
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
  until,
  wrong,
} from '../../../src/lesson/lesson.js';

const members = ['shard1a', 'shard1b', 'shard1c'] as const;

interface Shipment {
  readonly _id: ObjectId;
  readonly n: number;
}

const shipmentsOf = ({ mongo }: LabView) =>
  mongo('router1').db('shop').collection<Shipment>('shipments').find().sort({ n: 1 }).toArray();

const shardIsWhole = (lab: LabView): boolean => isWhole(lab, 'shard1', members.length);

const missing = firstDown(members);

/** Inserts and updates of the lesson's collections in the oplog of shard1's primary, oldest first. */
async function history(lab: LabView, shipments: readonly Shipment[]): Promise<readonly Document[]> {
  const first = primaryOf(lab, 'shard1');
  if (!first || shipments.length === 0) return [];
  const oldest = Math.min(...shipments.map(({ _id }) => _id.getTimestamp().getTime()));
  const { Timestamp } = await import('mongodb');
  return lab
    .mongo(first)
    .db('local')
    .collection('oplog.rs')
    .find(
      {
        // The servers' clock is the learner's, give or take: not the whole oplog has to be read.
        ts: { $gte: new Timestamp({ t: Math.floor(oldest / 1000) - 60, i: 0 }) },
        ns: { $in: ['shop.shipments', 'shop.mails', 'shop.bookmarks'] },
        op: { $in: ['i', 'u'] },
      },
      { projection: { t: 1, ns: 1, op: 1, o: 1 }, maxTimeMS: 3_000 },
    )
    .toArray();
}

const isShipped = ({ ns, op }: Document): boolean => ns === 'shop.shipments' && op === 'i';

/** The terms in which shipments were written: one more with each election. */
async function termsOf(lab: LabView, shipments: readonly Shipment[]): Promise<readonly number[]> {
  const terms = (await history(lab, shipments)).filter(isShipped).map(({ t }) => Number(t));
  return [...new Set(terms)].sort((one, other) => one - other);
}

/** For how many of the shipments after the failover there was a mail when the mailer had kept its place. */
async function heardOf(lab: LabView): Promise<number | undefined> {
  const entries = await history(lab, await shipmentsOf(lab));
  const terms = entries.filter(isShipped).map(({ t }) => Number(t));
  const last = Math.max(...terms);
  if (Math.min(...terms) === last || entries.at(-1)?.ns !== 'shop.bookmarks') return undefined;
  const mailed = new Set(
    entries.filter(({ ns, op }) => ns === 'shop.mails' && op === 'i').map(({ o }) => String(o.shipment)),
  );
  return entries.filter(
    (entry) => isShipped(entry) && Number(entry.t) === last && mailed.has(String(entry.o._id)),
  ).length;
}

const open = `use shop
shard1 = connect("mongodb://" + [
  "{{peer shard1a}}",
  "{{peer shard1b}}",
  "{{peer shard1c}}"
].join() + "/shop?replicaSet=shard1&serverSelectionTimeoutMS=30000")`;
const mailer = `keep = () => db.bookmarks.replaceOne({ _id: "mailer" },
  { token: stream.getResumeToken() }, { upsert: true })
send = e => db.mails.insertOne({ shipment: e.documentKey._id })
work = () => { while (e = stream.tryNext()) send(e); keep() }`;
const ship = (from: number, to: number) =>
  `for (n = ${from}; n <= ${to}; n++) db.shipments.insertOne({ n: n })`;
const resume = `token = db.bookmarks.findOne({ _id: "mailer" }).token
stream = shard1.shipments.watch([], { resumeAfter: token })`;

const firstHalf = mongosh(
  'router1',
  `${open}\n${mailer}\nstream = shard1.shipments.watch()\nstream.tryNext()\n${ship(1, 5)}\nwork()`,
);
const failover = [
  fault('kill', primary('shard1')),
  until('the two others have a primary', async (lab) => primaryOf(lab, 'shard1') !== undefined),
];

export default lesson({
  minutes: 12,
  leavesNothing: true,
  needs: ['replication/three-members'],
  checks: [
    check('The mailer has a bookmark', {
      at: 'router1',
      look: async ({ mongo }) => {
        const bookmark = await mongo('router1')
          .db('shop')
          .collection<{ _id: string; token?: { _data?: unknown } }>('bookmarks')
          .findOne({ _id: 'mailer' });
        const expected = 'a resume token in shop.bookmarks';
        if (!bookmark) return pending('no bookmark "mailer"', expected);
        const data = bookmark.token?._data;
        return typeof data === 'string'
          ? pass(`${data.slice(0, 12)}…`)
          : pending('the bookmark has no resume token', expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").bookmarks.find()'),
    }),
    check('Shipments were written before and after a failover', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const shipments = await shipmentsOf(lab);
        const expected = '10 shipments, under two primaries';
        const terms = await termsOf(lab, shipments);
        const observed = `${shipments.length} shipments, in ${terms.length > 0 ? `term ${terms.join(' and ')}` : 'no term'}`;
        return shipments.length >= 10 && terms.length > 1 ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh(
        'shard1a',
        'db.getSiblingDB("local").oplog.rs.distinct("t", { ns: "shop.shipments" })',
      ),
    }),
    check('Each shipment has exactly one mail', {
      at: 'router1',
      look: async (lab) => {
        const shipments = await shipmentsOf(lab);
        const mails = await lab
          .mongo('router1')
          .db('shop')
          .collection<{ shipment?: unknown }>('mails')
          .find()
          .toArray();
        const sent = new Map<string, number>();
        for (const { shipment } of mails) {
          sent.set(String(shipment), (sent.get(String(shipment)) ?? 0) + 1);
        }
        const expected = 'one mail for each of 10 shipments';
        const observed = `${shipments.length} shipments, ${mails.length} mails`;
        const twice = shipments.filter(({ _id }) => (sent.get(String(_id)) ?? 0) > 1);
        if (twice.length > 0) {
          return wrong('mailed-twice', `${observed}; ${twice.length} shipments have more than one`, expected);
        }
        const without = shipments.filter(({ _id }) => !sent.has(String(_id)));
        // A later one has its mail, so the stream has gone past it.
        const skipped = without.filter(({ n }) =>
          shipments.some((later) => later.n > n && sent.has(String(later._id))),
        );
        if (skipped.length > 0) {
          return wrong('skipped-some', `${observed}; ${skipped.length} were skipped`, expected);
        }
        return shipments.length >= 10 && without.length === 0 ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").mails.countDocuments()'),
    }),
    check('shard1 is whole again', {
      at: 'router1',
      holdsAtStart: true,
      look: async (lab) => {
        const absent = await missing(lab);
        return shardIsWhole(lab)
          ? pass('1 primary, 2 secondaries')
          : pending(absent ? `${absent} is down` : 'an election or a return', '1 primary, 2 secondaries');
      },
      reproduce: mongosh('shard1a', 'rs.status().members.map(m => m.name + " " + m.stateStr)'),
    }),
  ],
  questions: [number('heard', 'shipments')],
  measurements: [measurement('heard', { unit: 'shipments', measure: heardOf })],
  mistakes: [
    mistake('skipped-some', {
      after: [
        firstHalf,
        ...failover,
        mongosh(
          'router1',
          `${open}\n${mailer}\n${ship(6, 9)}\nstream = shard1.shipments.watch()\nstream.tryNext()\n${ship(10, 10)}\nwork()`,
        ),
      ],
    }),
    mistake('mailed-twice', {
      after: [
        mongosh(
          'router1',
          `${open}\n${mailer}\nstream = shard1.shipments.watch()\nstream.tryNext()\nkeep()\n${ship(1, 5)}\nwhile (e = stream.tryNext()) send(e)`,
        ),
        mongosh('router1', `${open}\n${mailer}\n${resume}\nwork()`),
      ],
    }),
  ],
  solution: [
    answer('heard', '5'),
    firstHalf,
    ...failover,
    mongosh('router1', `${open}\n${mailer}\n${ship(6, 10)}\n${resume}\nwork()`),
    fault('start', missing),
    until('shard1 is whole again', async (lab) => shardIsWhole(lab)),
  ],
});
