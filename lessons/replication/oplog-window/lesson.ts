import {
  answer,
  check,
  type LabView,
  lesson,
  mistake,
  mongosh,
  number,
  pass,
  pending,
  timesRefused,
  wrong,
} from '../../../src/lesson/lesson.js';

const services = ['shard1a', 'shard1b', 'shard1c'] as const;
/** What each member is to keep. */
const megabytes = 2000;
const hours = 24;

const resize = `db.adminCommand({
  replSetResizeOplog: 1, size: 2000, minRetentionHours: 24
})`;

interface Oplog {
  readonly megabytes: number;
  readonly hours: number;
}

async function readOplog(service: string, { mongo }: LabView): Promise<Oplog> {
  const [stats, status] = await Promise.all([
    mongo(service).db('local').command({ collStats: 'oplog.rs' }),
    mongo(service).db('admin').command({ serverStatus: 1, metrics: 0 }),
  ]);
  return {
    megabytes: Math.round(Number(stats.maxSize) / 2 ** 20),
    hours: Number(status.oplogTruncation?.oplogMinRetentionHours ?? 0),
  };
}

/** How far shard1a's oplog reaches back, in minutes. Its own: a member that came later has a shorter one. */
async function windowOf({ mongo }: LabView): Promise<number> {
  const oplog = mongo('shard1a').db('local').collection('oplog.rs');
  const edge = async (direction: 1 | -1): Promise<number> => {
    const entry = await oplog.findOne({}, { sort: { $natural: direction }, projection: { ts: 1 } });
    return entry?.ts.getHighBitsUnsigned() ?? 0;
  };
  const [first, last] = await Promise.all([edge(1), edge(-1)]);
  return (last - first) / 60;
}

export default lesson({
  minutes: 8,
  leavesNothing: true,
  checks: [
    check('You read how far the oplog of shard1a reaches back', {
      at: 'shard1a',
      kind: 'event',
      look: async (lab) => {
        const given = lab.answer('window');
        const expected = 'the minutes from its first entry to its last';
        if (given === undefined) return pending('no answer yet', expected);
        const minutes = await windowOf(lab);
        const observed = `you say ${given} min, it is ${minutes.toFixed(1)} min`;
        // It grows while you look: there is an entry every ten seconds, if only to say that nothing happened.
        return Math.abs(Number(given) - minutes) <= Math.max(3, minutes / 10)
          ? pass(observed)
          : wrong('wrong-window', observed, expected);
      },
      reproduce: mongosh('shard1a', 'rs.printReplicationInfo()'),
    }),
    check('Every member of shard1 keeps 2000 MB, and a day', {
      at: 'shard1a',
      look: async (lab) => {
        const oplogs = await Promise.all(services.map((service) => readOplog(service, lab)));
        const inWords = ({ megabytes, hours }: Oplog) => `${megabytes} MB, ${hours} h`;
        const observed = services
          .map((service, at) => `${service} ${inWords(oplogs[at] as Oplog)}`)
          .join('; ');
        const expected = `${inWords({ megabytes, hours })} on each`;
        const sized = oplogs.filter((oplog) => oplog.megabytes === megabytes);
        if (sized.length === services.length && oplogs.every((oplog) => oplog.hours >= hours)) {
          return pass(observed);
        }
        if (sized.length === services.length && oplogs.every((oplog) => oplog.hours === 0)) {
          return wrong('size-only', observed, expected);
        }
        const refusals = await Promise.all(
          services.map((service) => timesRefused(lab.mongo(service), 'replSetResizeOplog')),
        );
        return sized.length === 0 && refusals.some((times) => times > 0)
          ? wrong('refused-size', observed, expected)
          : pending(observed, expected);
      },
      reproduce: mongosh('shard1a', 'db.getSiblingDB("local").oplog.rs.stats().maxSize / 2 ** 20'),
    }),
  ],
  questions: [number('window', 'min')],
  mistakes: [
    mistake('wrong-window', { after: answer('window', '1000000') }),
    mistake('size-only', {
      after: services.map((service) =>
        mongosh(service, 'db.adminCommand({ replSetResizeOplog: 1, size: 2000 })'),
      ),
    }),
    mistake('refused-size', {
      after: mongosh('shard1a', 'db.adminCommand({ replSetResizeOplog: 1, size: 500 })'),
    }),
  ],
  solution: [
    answer('window', async (lab) => (await windowOf(lab)).toFixed(0)),
    ...services.map((service) => mongosh(service, `rs.printReplicationInfo()\n${resize}`)),
  ],
});
