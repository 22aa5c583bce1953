import type { Document } from 'mongodb';
import {
  answer,
  check,
  fault,
  isLocked,
  isRunning,
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
  type Rollback,
  rollbacksOf,
  type Step,
  secondariesOf,
  until,
  wrong,
} from '../../../src/lesson/lesson.js';

const members = ['shard1a', 'shard1b', 'shard1c'] as const;
const namespace = 'shop.clicks';

const nodeOf = ({ snapshot }: LabView, service: string) =>
  snapshot.nodes.find((node) => node.service === service);
const allIn = (lab: LabView): boolean => isWhole(lab, 'shard1', members.length);

interface Returned extends Rollback {
  readonly service: string;
}

/** What a member of shard1 took back of the clicks when it returned. */
async function rolledBack(lab: LabView): Promise<Returned | undefined> {
  for (const service of members.filter((one) => isRunning(lab, one))) {
    const all = await rollbacksOf(lab.mongo(service));
    const last = all.findLast(({ namespaces, inserts }) => namespaces.includes(namespace) && inserts > 0);
    if (last) return { ...last, service };
  }
  return undefined;
}

/** How many of the twenty numbered clicks the set has, once it is whole again and one member took its own back. */
async function clicksLeft(lab: LabView): Promise<number | undefined> {
  const first = primaryOf(lab, 'shard1');
  if (!first || !allIn(lab) || !(await rolledBack(lab))) return undefined;
  return (await clicksOn(lab, first)).filter((id) => /^\d+$/.test(id)).length;
}

/** The clicks' `_id`s on one member, as text and in order. */
async function clicksOn({ mongo }: LabView, service: string): Promise<readonly string[]> {
  const ids = await mongo(service)
    .db('shop')
    .collection<Document>('clicks')
    .aggregate<{ _id: unknown }>([{ $project: { _id: 1 } }])
    .map(({ _id }) => String(_id))
    .toArray();
  return ids.sort();
}

const hold = 'db.fsyncLock()';
const takeClicks = `use shop
quick = { writeConcern: { w: 1, j: true } }
for (n = 1; n <= 20; n++) db.clicks.insertOne({ _id: n }, quick)
db.clicks.countDocuments()`;

/** Counts what is in the rollback files of a member; each document of such a file begins with its length. */
const countLost = `dir = db.serverCmdLineOpts().parsed.storage.dbPath + "/rollback/"
files = fs.readdirSync(dir, { recursive: true }).filter(f => /bson$/.test(f))
bytes = fs.readFileSync(dir + files.at(-1))
lost = 0
for (at = 0; at < bytes.length; at += bytes.readInt32LE(at)) lost++
lost`;

export default lesson({
  minutes: 12,
  leavesNothing: true,
  needs: ['replication/three-members'],
  checks: [
    check('Acknowledged writes were rolled back', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const expected = 'inserts into shop.clicks, taken back by the member that had taken them';
        const found = await rolledBack(lab);
        if (found) return pass(`${found.service} took back ${found.inserts} inserts`);
        const first = primaryOf(lab, 'shard1');
        if (first && (await isLocked(lab.mongo(first)))) {
          return wrong('locked-the-primary', `${first}, the primary, is locked`, expected);
        }
        const up = members.filter((service) => isRunning(lab, service));
        if (up.length < members.length)
          return pending(`${up.length} of 3 members of shard1 are up`, expected);
        const counts = await Promise.all(up.map(async (service) => (await clicksOn(lab, service)).length));
        const observed = `clicks: ${up.map((service, index) => `${service} ${counts[index]}`).join(', ')}`;
        const onAll = allIn(lab) && counts.every((count) => count >= 20);
        return onAll ? wrong('copied-in-time', observed, expected) : pending(observed, expected);
      },
      reproduce: mongosh(
        'shard1a',
        'db.adminCommand({ getLog: "global" }).log.filter(line => /Rollback summary/.test(line))',
      ),
    }),
    check('You know how many were lost', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const given = lab.answer('lost');
        const expected = 'the number of documents in the rollback file';
        if (given === undefined) return pending('no answer yet', expected);
        // What was measured stands for a member that has forgotten: it knows what it took back until it is restarted.
        const lost = [(await rolledBack(lab))?.inserts, lab.measured('taken-back')].filter(
          (count) => count !== undefined,
        );
        if (lost.length === 0) return pending('nothing was rolled back yet', expected);
        return lost.includes(Number(given))
          ? pass(`${given} documents lost`)
          : wrong('other-number', `you say ${given}`, expected);
      },
      reproduce: mongosh('shard1a', countLost),
    }),
    check('All three are back and have the same clicks', {
      at: 'router1',
      look: async (lab) => {
        const expected = '1 PRIMARY, 2 SECONDARY, the same clicks on each';
        if (!allIn(lab)) {
          const roles = members.map((service) => `${service} ${nodeOf(lab, service)?.mongo?.role ?? 'down'}`);
          return pending(roles.join(', '), expected);
        }
        const clicks = await Promise.all(members.map((service) => clicksOn(lab, service)));
        const observed = members.map((service, index) => `${service} ${clicks[index]?.length}`).join(', ');
        const same = new Set(clicks.map((ids) => ids.join())).size === 1;
        return same && (clicks[0]?.length ?? 0) > 0
          ? pass(observed)
          : pending(`clicks: ${observed}`, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").clicks.find()'),
    }),
  ],
  questions: [number('left', 'clicks'), number('lost', 'documents')],
  measurements: [
    measurement('left', { unit: 'clicks', measure: clicksLeft }),
    measurement('taken-back', { unit: 'clicks', measure: async (lab) => (await rolledBack(lab))?.inserts }),
  ],
  mistakes: [
    mistake('copied-in-time', { after: mongosh('router1', takeClicks) }),
    mistake('locked-the-primary', { after: mongosh(primary('shard1'), hold) }),
    mistake('other-number', { after: [...rollBack(), answer('lost', '0')] }),
  ],
  solution: [
    answer('left', '0'),
    ...rollBack(),
    mongosh(
      async (lab) => (await rolledBack(lab))?.service,
      `db.getSiblingDB("shop").clicks.find()\n${countLost}`,
    ),
    answer('lost', async (lab) => String((await rolledBack(lab))?.inserts)),
  ],
});

/** Makes the clicks roll back, for real. */
function rollBack(): Step[] {
  // Who it was is asked while it is alive, and needed when all three are dead.
  let oldPrimary: string | undefined;
  const free = async (lab: LabView) => {
    for (const service of secondariesOf(lab, 'shard1')) {
      if (!(await isLocked(lab.mongo(service)))) return service;
    }
    return undefined;
  };
  const living = async (lab: LabView) => members.find((service) => isRunning(lab, service));
  const other = async (lab: LabView) =>
    members.find((service) => service !== oldPrimary && !isRunning(lab, service));
  return [
    mongosh(free, hold),
    mongosh(free, hold),
    mongosh('router1', takeClicks),
    fault('kill', async (lab) => {
      oldPrimary = primaryOf(lab, 'shard1');
      return oldPrimary;
    }),
    fault('kill', living),
    fault('kill', living),
    fault('start', other),
    fault('start', other),
    until('the two have a primary', async (lab) => primaryOf(lab, 'shard1') !== undefined),
    mongosh(
      'router1',
      'use shop\ndb.clicks.insertOne({ _id: "after" }, { writeConcern: { w: "majority" } })',
    ),
    fault('start', async () => oldPrimary),
    until('the old primary is back', async (lab) => allIn(lab) && (await rolledBack(lab)) !== undefined),
  ];
}
