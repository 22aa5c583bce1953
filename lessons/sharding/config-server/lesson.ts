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
  refusedInitiate,
  wrong,
} from '../../../src/lesson/lesson.js';

const initiate = (set: string, host: string) => `rs.initiate({
  _id: "${set}",
  configsvr: true,
  members: [ { _id: 0, host: "${host}" } ]
})`;
const own = initiate('configset', '{{peer config1}}');

/** What was tried so far, when config1 is not initiated: each refusal is in the log of the node that refused. */
async function tried({ mongo, peer, snapshot }: LabView): Promise<Finding> {
  const expected = 'configset, with a primary';
  const refused = await refusedInitiate(mongo('config1'));
  if (refused?.why === 'set-name') {
    return wrong('wrong-set-name', `refused: the set's name is not "${refused.given}"`, expected);
  }
  if (refused?.why === 'member-of-other-set') {
    return wrong('shard-in-config-set', `refused: ${refused.member} is in another set`, expected);
  }
  if (refused?.why === 'other-address') {
    const given = refused.members.join(', ');
    return wrong('other-address', `refused: ${given} is not ${peer('config1')}`, expected);
  }
  if (refused?.why === 'other') return pending(`refused: ${refused.reason}`, expected);
  for (const shard of ['shard1a', 'shard2a']) {
    if (snapshot.nodes.some(({ service, mongo }) => service === shard && mongo?.role === 'silent')) continue;
    const there = await refusedInitiate(mongo(shard));
    if (there?.why === 'set-name' && there.given === 'configset') {
      return wrong('on-a-shard', `${shard} was told to be configset, and refused`, expected);
    }
    if (there?.why === 'not-a-config-server') {
      return wrong('on-a-shard', `${shard} was told to be a config server, and refused`, expected);
    }
  }
  return pending('config1 runs, but was not initiated', expected);
}

export default lesson({
  minutes: 6,
  needs: ['single-node/load-the-shop'],
  checks: [
    check('configset is initiated and has a primary', {
      at: 'config1',
      look: async (lab) => {
        const set = await readSet(lab.mongo('config1'));
        if (!set) return tried(lab);
        const observed = `${set.name}${set.configServer ? ', a config server' : ''}`;
        return set.primary && set.configServer
          ? pass(`${observed}, primary`)
          : pending(`${observed}, no primary yet`, 'configset, with a primary');
      },
      reproduce: mongosh('config1', 'rs.status().members'),
    }),
    check('Every other server can call it by its address', {
      at: 'config1',
      look: async ({ mongo, peer }) => {
        const set = await readSet(mongo('config1'));
        const expected = `one member, ${peer('config1')}`;
        if (!set) return pending('no members yet', expected);
        const observed = `${set.members.length} member: ${set.members.join(', ')}`;
        for (const host of set.members) {
          const misnamed = findBadMemberHost(host, peer('config1'));
          if (misnamed) return wrong(misnamed, observed, expected);
        }
        return set.members.includes(peer('config1')) ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('config1', 'rs.conf().members'),
    }),
  ],
  mistakes: [
    mistake('wrong-set-name', { after: mongosh('config1', initiate('config', '{{peer config1}}')) }),
    mistake('on-a-shard', { after: mongosh('shard1a', initiate('configset', '{{peer shard1a}}')) }),
    mistake('other-address', { after: mongosh('config1', initiate('configset', '{{peer shard1a}}')) }),
    mistake('shard-in-config-set', {
      after: mongosh(
        'config1',
        'rs.initiate({ _id: "configset", configsvr: true, members: [ { _id: 0, host: "{{peer config1}}" }, { _id: 1, host: "{{peer shard1a}}" } ] })',
      ),
    }),
    mistake('localhost-member', {
      after: mongosh(
        'config1',
        'rs.initiate({ _id: "configset", configsvr: true, members: [ { _id: 0, host: "localhost:" + "{{peer config1}}".split(":")[1] } ] })',
      ),
    }),
    mistake('published-address', {
      after: mongosh('config1', initiate('configset', '{{address config1}}')),
      // Local processes know each other by that very address.
      runtimes: ['docker'],
    }),
    mistake('container-id-member', { after: mongosh('config1', 'rs.initiate()'), runtimes: ['docker'] }),
  ],
  solution: [mongosh('config1', `rs.status()\ndb.hello()\n${own}`)],
});
