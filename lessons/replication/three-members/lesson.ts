import {
  check,
  type Finding,
  findBadMemberHost,
  type LabView,
  lesson,
  mistake,
  mongosh,
  pass,
  pending,
  readSet,
  readSetStatus,
  refusedReconfig,
  type SetStatus,
  statesInWords,
  wrong,
} from '../../../src/lesson/lesson.js';

const services = ['shard1a', 'shard1b', 'shard1c'] as const;
type Newcomer = 'shard1b' | 'shard1c';

const untilAllIn = 'while (!rs.status().members.every(m => [1, 2].includes(m.state))) sleep(200)';

/** A member that is none of the three servers: what it is instead, in the words of this lesson's mistakes. */
function strangerIn({ members }: SetStatus, { peer }: LabView): Finding | undefined {
  const own = services.map(peer);
  const stranger = members.find(({ host }) => !own.includes(host));
  if (!stranger) return undefined;
  const observed = `shard1 has the member ${stranger.host}: ${stranger.state}`;
  const expected = `members ${own.join(', ')}`;
  return findBadMemberHost(stranger.host, own[0] as string) === 'localhost-member'
    ? wrong('localhost-member', observed, expected)
    : wrong('wrong-address', observed, expected);
}

/** What was tried, where a newcomer is no member: a refusal is in the log of shard1a. */
async function tried({ mongo, peer }: LabView, expected: string): Promise<Finding | undefined> {
  const refused = await refusedReconfig(mongo('shard1a'));
  if (!refused) return undefined;
  if (refused.memberOfOtherSet !== undefined) {
    return wrong('other-shards-server', `refused: ${refused.memberOfOtherSet} is of another set`, expected);
  }
  const own = services.map(peer);
  const other = refused.members.map(({ host }) => String(host)).find((host) => !own.includes(host));
  // No code of its own: 6.0.5 answers BadValue (2), "Either all host names … must be localhost references, or none".
  return other !== undefined && /localhost/.test(refused.reason)
    ? wrong('mixed-names', `refused: ${other}`, expected)
    : pending(`refused: ${refused.reason}`, expected);
}

const isMember = (service: Newcomer) =>
  check(`${service} is a member of shard1`, {
    at: service,
    look: async (lab) => {
      const expected = `${lab.peer(service)} is SECONDARY`;
      const [set, own] = await Promise.all([readSetStatus(lab, services), readSet(lab.mongo(service))]);
      if (!set) return pending('shard1 says nothing', expected);
      if (own && own.id !== set.id) {
        return wrong('initiated-twice', `${service} is in a set of its own, …${own.id.slice(-6)}`, expected);
      }
      const member = set.members.find(({ host }) => host === lab.peer(service));
      if (member) {
        const observed = `${member.host} is ${member.state}`;
        return ['PRIMARY', 'SECONDARY'].includes(member.state) ? pass(observed) : pending(observed, expected);
      }
      const found = strangerIn(set, lab) ?? (await tried(lab, expected));
      return found ?? pending(`${service} runs, and is no member`, expected);
    },
    reproduce: mongosh('shard1a', 'rs.status().members.map(m => m.name + " " + m.stateStr)'),
  });

export default lesson({
  minutes: 8,
  needs: ['sharding/where-documents-live'],
  checks: [
    isMember('shard1b'),
    isMember('shard1c'),
    check('One primary, two secondaries', {
      at: 'shard1a',
      look: async (lab) => {
        const set = await readSetStatus(lab, services);
        const expected = '1 PRIMARY, 2 SECONDARY; 3 votes';
        if (!set) return pending('shard1 says nothing', expected);
        const observed = `${statesInWords(set.members)}; ${set.voters} votes`;
        const count = (state: string) => set.members.filter((member) => member.state === state).length;
        return set.members.length === 3 &&
          set.voters === 3 &&
          count('PRIMARY') === 1 &&
          count('SECONDARY') === 2
          ? pass(observed)
          : pending(observed, expected);
      },
      reproduce: mongosh('shard1a', 'rs.status().members.map(m => m.stateStr)'),
    }),
    check('All three have the same orders', {
      at: 'shard1b',
      // Once: while orders come in a secondary may be a moment behind.
      kind: 'event',
      look: async ({ mongo }) => {
        const orders = services.map((service) => mongo(service).db('shop').collection('orders'));
        const fast = await Promise.all(orders.map((one) => one.estimatedDocumentCount()));
        // The fast count of a server that crashed may be off (see countAtLeast): before they are said to differ, all count.
        const counts =
          new Set(fast).size === 1 ? fast : await Promise.all(orders.map((one) => one.countDocuments()));
        const [first = 0] = counts;
        const observed = services.map((service, index) => `${service} ${counts[index]}`).join(', ');
        return first > 0 && counts.every((count) => count === first)
          ? pass(observed)
          : pending(observed, `${first} orders on each`);
      },
      reproduce: mongosh(
        'shard1b',
        'db.getMongo().setReadPref("secondary"); db.getSiblingDB("shop").orders.countDocuments()',
      ),
    }),
  ],
  mistakes: [
    mistake('initiated-twice', {
      after: mongosh(
        'shard1b',
        'rs.initiate({ _id: "shard1", members: [ { _id: 0, host: "{{peer shard1b}}" } ] })',
      ),
    }),
    mistake('wrong-address', {
      // No server of the course has a port that ends in 19.
      after: mongosh('shard1a', 'rs.add("{{peer shard1b}}".replace(/..$/, "19"))'),
    }),
    mistake('mixed-names', {
      // Where processes know each other by 127.0.0.1 it is a name that does not go with the others.
      after: mongosh(
        'shard1a',
        'peer = "{{peer shard1b}}".split(":"); rs.add((peer[0] === "shard1b" ? "localhost:" : "shard1b:") + peer[1])',
      ),
    }),
    mistake('localhost-member', {
      after: mongosh('shard1a', 'rs.add("{{peer shard1b}}".replace(/.*:/, "localhost:"))'),
      // Between containers the server refuses it, and the mistake is mixed-names.
      runtimes: ['local'],
    }),
    mistake('other-shards-server', { after: mongosh('shard1a', 'rs.add("{{peer shard2b}}")') }),
  ],
  solution: [
    mongosh(
      'shard1a',
      `rs.add("{{peer shard1b}}")
rs.add("{{peer shard1c}}")
${untilAllIn}`,
    ),
    mongosh(
      'shard1b',
      'db.getMongo().setReadPref("secondary")\ndb.getSiblingDB("shop").orders.countDocuments()',
    ),
  ],
});
