import {
  check,
  countAtLeast,
  type Finding,
  findBadMemberHost,
  type LabView,
  lesson,
  mistake,
  mongosh,
  pass,
  pending,
  readSet,
  refusedInitiate,
  wrong,
} from '../../../src/lesson/lesson.js';

type Shard = 'shard1' | 'shard2';
const nodeOf = { shard1: 'shard1a', shard2: 'shard2a' } as const;
const otherOf = { shard1: 'shard2', shard2: 'shard1' } as const;

const initiate = (shard: string, host: string) => `rs.initiate({
  _id: "${shard}",
  members: [ { _id: 0, host: "${host}" } ]
})`;

/** What was tried so far on a node that is not initiated: the refusal is in its own log. */
async function tried(shard: Shard, { mongo, peer }: LabView): Promise<Finding> {
  const node = nodeOf[shard];
  const expected = `${shard}, with a primary`;
  const refused = await refusedInitiate(mongo(node));
  if (!refused) return pending(`${node} runs, but was not initiated`, expected);
  switch (refused.why) {
    case 'set-name':
      return refused.given === otherOf[shard]
        ? wrong('initiated-twice', `${node} was told to be ${refused.given}, and refused`, expected)
        : wrong('wrong-set-name', `refused: the set's name is not "${refused.given}"`, expected);
    case 'member-of-other-set':
      return wrong('one-set-for-both', `refused: ${refused.member} is in another set`, expected);
    case 'not-a-config-server':
      return wrong('configsvr-on-a-shard', 'refused: not started with --configsvr', expected);
    case 'other-address':
      return wrong('other-address', `refused: ${refused.members.join(', ')} is not ${peer(node)}`, expected);
    case 'other':
      return pending(`refused: ${refused.reason}`, expected);
  }
}

const shardIsInitiated = (shard: Shard) =>
  check(`${shard} is initiated and has a primary`, {
    at: nodeOf[shard],
    look: async (lab) => {
      const node = nodeOf[shard];
      const set = await readSet(lab.mongo(node));
      if (!set) return tried(shard, lab);
      const expected = `${shard}, primary, known as ${lab.peer(node)}`;
      const observed = `${set.name}, ${set.primary ? 'primary' : 'no primary yet'}, known as ${set.members.join(', ')}`;
      for (const host of set.members) {
        const misnamed = findBadMemberHost(host, lab.peer(node));
        if (misnamed) return wrong(misnamed, observed, expected);
      }
      return set.primary && set.members.includes(lab.peer(node))
        ? pass(observed)
        : pending(observed, expected);
    },
    reproduce: mongosh(nodeOf[shard], 'rs.status().members'),
  });

export default lesson({
  minutes: 7,
  checks: [
    shardIsInitiated('shard1'),
    shardIsInitiated('shard2'),
    check('They are two sets, not one', {
      at: 'shard2a',
      look: async ({ mongo }) => {
        const sets = await Promise.all([readSet(mongo('shard1a')), readSet(mongo('shard2a'))]);
        const expected = 'two sets with different ids';
        const [first, second] = sets;
        if (!first || !second) return pending(`${sets.filter(Boolean).length} of 2 sets initiated`, expected);
        const short = (id: string) => `…${id.slice(-6)}`;
        return first.id !== second.id
          ? pass(`ids ${short(first.id)} and ${short(second.id)}`)
          : pending(`both have the id ${first.id}`, expected);
      },
      reproduce: mongosh('shard2a', 'rs.conf().settings.replicaSetId'),
    }),
    check("The shop's orders are still on shard1a", {
      at: 'shard1a',
      // Once the orders are sharded this server has only a part of them.
      kind: 'event',
      look: async ({ mongo }) => {
        const set = await readSet(mongo('shard1a'));
        const expected = '50000 orders';
        if (!set?.primary) return pending('not to be read yet: no primary', expected);
        const orders = await countAtLeast(mongo('shard1a').db('shop').collection('orders'), 50_000);
        return orders >= 50_000 ? pass(`${orders} orders`) : pending(`${orders} orders`, expected);
      },
      reproduce: mongosh('shard1a', 'db.getSiblingDB("shop").orders.countDocuments()'),
    }),
  ],
  mistakes: [
    mistake('wrong-set-name', { after: mongosh('shard1a', initiate('oops', '{{peer shard1a}}')) }),
    mistake('initiated-twice', {
      after: [
        mongosh('shard1a', initiate('shard1', '{{peer shard1a}}')),
        mongosh('shard2a', initiate('shard1', '{{peer shard1a}}')),
      ],
    }),
    mistake('one-set-for-both', {
      after: mongosh(
        'shard1a',
        'rs.initiate({ _id: "shard1", members: [ { _id: 0, host: "{{peer shard1a}}" }, { _id: 1, host: "{{peer shard2a}}" } ] })',
      ),
    }),
    mistake('configsvr-on-a-shard', {
      after: mongosh(
        'shard1a',
        'rs.initiate({ _id: "shard1", configsvr: true, members: [ { _id: 0, host: "{{peer shard1a}}" } ] })',
      ),
    }),
    mistake('other-address', { after: mongosh('shard2a', initiate('shard2', '{{peer shard1a}}')) }),
    mistake('localhost-member', {
      after: mongosh(
        'shard1a',
        'rs.initiate({ _id: "shard1", members: [ { _id: 0, host: "localhost:" + "{{peer shard1a}}".split(":")[1] } ] })',
      ),
    }),
    mistake('published-address', {
      after: mongosh('shard1a', initiate('shard1', '{{address shard1a}}')),
      // Local processes know each other by that very address.
      runtimes: ['docker'],
    }),
    mistake('container-id-member', { after: mongosh('shard2a', 'rs.initiate()'), runtimes: ['docker'] }),
  ],
  solution: [
    mongosh('shard1a', `use shop\ndb.orders.countDocuments()\n${initiate('shard1', '{{peer shard1a}}')}`),
    mongosh('shard2a', initiate('shard2', '{{peer shard2a}}')),
  ],
});
