import {
  check,
  type Finding,
  fault,
  type LabView,
  lesson,
  mistake,
  mongosh,
  pass,
  pending,
  primaryOf,
  readSet,
  readSetStatus,
  refusedReconfig,
  refusedShard,
  shardIds,
  statesInWords,
  wrong,
} from '../../../src/lesson/lesson.js';

const sets = {
  configset: ['config1', 'config2', 'config3'],
  shard2: ['shard2a', 'shard2b', 'shard2c'],
  shard3: ['shard3a', 'shard3b', 'shard3c'],
} as const;
type SetName = keyof typeof sets;

const peers = (services: readonly string[]) => services.map((name) => `"{{peer ${name}}}"`).join(', ');
const initiate = (set: string, host: string, more = '') => `rs.initiate({
  _id: "${set}",
  ${more}members: [ { _id: 0, host: "${host}" } ]
})`;
const addAll = (newcomers: readonly string[]) => `for (const host of [
  ${peers(newcomers)}
]) rs.add(host)`;
const growShard3 = [
  mongosh(
    'shard3a',
    `${initiate('shard3', '{{peer shard3a}}')}
while (!db.hello().isWritablePrimary) sleep(200)`,
  ),
  mongosh(
    'shard3a',
    `${addAll(['shard3b', 'shard3c'])}
while (!rs.status().members.every(m => [1, 2].includes(m.state))) sleep(200)`,
  ),
];
const addShard3 = (hosts: readonly string[]) =>
  `sh.addShard("shard3/" + [
  ${peers(hosts)}
])`;

/** A server of this set that was initiated as a set of its own, if there is one. */
async function initiatedApart(services: readonly string[], lab: LabView): Promise<string | undefined> {
  const answers = await Promise.all(
    services.map(async (service) => {
      const node = lab.snapshot.nodes.find((one) => one.service === service);
      return node?.mongo?.set === undefined ? undefined : readSet(lab.mongo(service));
    }),
  );
  const [first] = answers;
  const at = answers.findIndex((set) => first && set && set.id !== first.id);
  return services[at];
}

const hasThreeMembers = (name: SetName) =>
  check(`${name} has three members`, {
    at: sets[name][0],
    look: async (lab): Promise<Finding> => {
      const services = sets[name];
      const expected = '1 PRIMARY, 2 SECONDARY; 3 votes';
      const apart = await initiatedApart(services, lab);
      if (apart) {
        const id = name === 'configset' ? 'two-config-sets' : 'initiated-twice';
        return wrong(id, `${apart} is in a set of its own that is called ${name} too`, expected);
      }
      const set = await readSetStatus(lab, services);
      if (!set) return pending(`${services[0]} runs, but was not initiated`, expected);
      const known = set.members.map(({ host }) => host);
      const missing = services.filter((service) => !known.includes(lab.peer(service)));
      const refused = missing.length > 0 ? await refusedReconfig(lab.mongo(services[0])) : undefined;
      if (refused?.memberOfOtherSet !== undefined) {
        return wrong('other-sets-server', `refused: ${refused.memberOfOtherSet} is of another set`, expected);
      }
      const observed = `${statesInWords(set.members)}; ${set.voters} votes`;
      const count = (state: string) => set.members.filter((member) => member.state === state).length;
      return missing.length === 0 && set.voters === 3 && count('PRIMARY') === 1 && count('SECONDARY') === 2
        ? pass(observed)
        : pending(observed, expected);
    },
    reproduce: mongosh(sets[name][0], 'rs.status().members.map(m => m.name + " " + m.stateStr)'),
  });

export default lesson({
  minutes: 10,
  checks: [
    hasThreeMembers('configset'),
    hasThreeMembers('shard2'),
    hasThreeMembers('shard3'),
    check('The cluster has three shards', {
      at: 'router1',
      // Whoever has added and kept a third shard in the stage before has it already.
      holdsAtStart: true,
      look: async (lab) => {
        const shards = await shardIds(lab.mongo('router1'));
        const observed = shards.join(', ');
        const expected = 'shard1, shard2, shard3';
        if (['shard1', 'shard2', 'shard3'].every((shard) => shards.includes(shard))) return pass(observed);
        const refused = await refusedShard(lab.mongo(configPrimary(lab)));
        const dead = sets.shard3.filter(
          (service) => refused?.hosts.includes(lab.peer(service)) && !answers(service, lab),
        );
        return dead.length > 0 && dead.length === refused?.hosts.length
          ? wrong('dead-seed', `refused: shard3/${refused.hosts.join(',')}`, expected)
          : pending(observed, expected);
      },
      reproduce: mongosh('router1', 'db.adminCommand({ listShards: 1 }).shards'),
    }),
    check('Two routers know all of it', {
      at: 'router2',
      look: async (lab) => {
        const expected = '2 routers, each with 3 shards';
        const seen = await Promise.all(
          ['router1', 'router2'].map(async (router) => (await shardIds(lab.mongo(router))).length),
        );
        const config = lab.mongo(configPrimary(lab)).db('config');
        // A router says every ten seconds that it is there.
        const routers = await config
          .collection('mongos')
          .countDocuments({ ping: { $gt: new Date(Date.now() - 60_000) } });
        const observed = `${routers} routers, with ${seen.join(' and ')} shards`;
        return routers === 2 && seen.every((count) => count === 3)
          ? pass(observed)
          : pending(observed, expected);
      },
      reproduce: mongosh('router2', 'db.getSiblingDB("config").mongos.find({}, { ping: 1 })'),
    }),
  ],
  mistakes: [
    mistake('two-config-sets', {
      after: mongosh('config2', initiate('configset', '{{peer config2}}', 'configsvr: true, ')),
    }),
    mistake('initiated-twice', {
      after: [
        mongosh('shard3a', initiate('shard3', '{{peer shard3a}}')),
        mongosh('shard3b', initiate('shard3', '{{peer shard3b}}')),
      ],
    }),
    mistake('other-sets-server', { after: mongosh('config1', 'rs.add("{{peer shard2b}}")') }),
    mistake('dead-seed', {
      after: [...growShard3, fault('stop', 'shard3c'), mongosh('router1', addShard3(['shard3c']))],
    }),
  ],
  solution: [
    mongosh('config1', addAll(['config2', 'config3'])),
    mongosh('shard2a', addAll(['shard2b', 'shard2c'])),
    ...growShard3,
    mongosh('router1', addShard3(sets.shard3)),
    mongosh('router2', 'sh.status()'),
  ],
});

function answers(service: string, { snapshot }: LabView): boolean {
  const node = snapshot.nodes.find((one) => one.service === service);
  return node?.status.state === 'running' && node.mongo?.role !== 'silent';
}

/** The config server that knows what all routers asked for. */
function configPrimary(lab: LabView): string {
  return primaryOf(lab, 'configset') ?? 'config1';
}
