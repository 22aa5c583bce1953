import {
  answer,
  check,
  choice,
  configsInUse,
  type Finding,
  type LabView,
  lesson,
  mistake,
  mongosh,
  pass,
  pending,
  primary,
  readSetStatus,
  refusedReconfig,
  refusedReconfigs,
  statesInWords,
  until,
  wrong,
} from '../../../src/lesson/lesson.js';

const services = ['shard3a', 'shard3b', 'shard3c'] as const;
const preferred = 'shard3b';
const aside = 'shard3c';
/** Seconds: less would not leave time to notice a mistake. */
const delay = 600;

const prefer = `cfg = rs.conf()
cfg.members.find(m => m.host === "{{peer shard3b}}").priority = 2
rs.reconfig(cfg)`;
const setAside = `cfg = rs.conf()
c = cfg.members.find(m => m.host === "{{peer shard3c}}")
Object.assign(c, { priority: 0, hidden: true, secondaryDelaySecs: 3600 })
rs.reconfig(cfg)`;
const tryArbiter = `rs.remove("{{peer shard3c}}")
rs.addArb("{{peer shard3c}}")`;
const putBack = `cfg = rs.conf()
cfg.members.forEach(m => { m.priority = 1 })
rs.reconfig(cfg)
rs.add("{{peer shard3c}}")
while (!rs.status().members.every(m => [1, 2].includes(m.state))) sleep(500)`;

/** The members of shard3 that answer now. */
function answering({ snapshot }: LabView): readonly string[] {
  return services.filter((service) => {
    const node = snapshot.nodes.find((one) => one.service === service);
    return node?.status.state === 'running' && node.mongo?.set !== undefined;
  });
}

async function eachMember<T>(
  lab: LabView,
  read: (client: ReturnType<LabView['mongo']>) => Promise<T>,
): Promise<readonly T[]> {
  return Promise.all(answering(lab).map((service) => read(lab.mongo(service))));
}

/** What was tried, where a member is not yet what it is to be. */
async function tried(lab: LabView, observed: string, expected: string): Promise<Finding> {
  for (const refused of await eachMember(lab, refusedReconfig)) {
    const reason = refused?.reason ?? '';
    // 6.0.5 has the same code (93 or 2) for each of these; only the words tell them apart.
    if (/priority must be 0/.test(reason)) return wrong('hidden-with-priority', observed, expected);
    if (/at most 1 voting member/.test(reason)) return wrong('two-at-once', observed, expected);
  }
  return pending(observed, expected);
}

async function becamePrimaryByPriority({ mongo }: LabView): Promise<boolean> {
  const status = await mongo(preferred).db('admin').command({ replSetGetStatus: 1 });
  return status.electionCandidateMetrics?.lastElectionReason === 'priorityTakeover';
}

export default lesson({
  minutes: 10,
  leavesNothing: true,
  checks: [
    check('shard3b became primary because it is preferred', {
      at: preferred,
      kind: 'event',
      look: async (lab) => {
        const set = await readSetStatus(lab, services);
        const expected = `${preferred} PRIMARY, with the highest priority`;
        const member = set?.members.find(({ host }) => host === lab.peer(preferred));
        if (!set || !member) return pending(`${preferred} is no member of shard3`, expected);
        const observed = `${preferred} ${member.state}, priority ${member.priority}`;
        if (member.state !== 'PRIMARY') return pending(observed, expected);
        const highest = set.members.every((other) => other === member || other.priority < member.priority);
        return highest || (await becamePrimaryByPriority(lab)) ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('shard3b', 'rs.conf().members.map(m => m.host + " " + m.priority)'),
    }),
    check('shard3c was hidden, and stayed behind on purpose', {
      at: aside,
      kind: 'event',
      look: async (lab) => {
        const expected = `hidden, priority 0, ${delay} s behind or more`;
        const configs = (await eachMember(lab, configsInUse)).flat();
        const members = configs.flatMap(({ members }) => members);
        const found = members.find(
          ({ host, hidden, secondaryDelaySecs }) =>
            host === lab.peer(aside) && hidden === true && Number(secondaryDelaySecs) >= delay,
        );
        return found
          ? pass(`hidden, priority 0, ${found.secondaryDelaySecs} s behind`)
          : tried(lab, 'a member like the others', expected);
      },
      reproduce: mongosh('shard3b', 'rs.conf().members.find(m => m.hidden)'),
    }),
    check('MongoDB refused to make shard3c an arbiter', {
      at: preferred,
      kind: 'event',
      look: async (lab) => {
        const refused = (await eachMember(lab, refusedReconfigs)).flat();
        // Whoever did not take it out first is refused for having it twice, which says nothing of arbiters.
        const asked = refused.some(
          ({ members }) =>
            members.some(({ arbiterOnly }) => arbiterOnly === true) &&
            new Set(members.map(({ host }) => host)).size === members.length,
        );
        return asked ? pass('refused') : pending('nobody has asked', 'rs.addArb, and its answer');
      },
    }),
    check('You know what an arbiter cannot do', {
      at: preferred,
      kind: 'event',
      look: async (lab) => {
        const given = lab.answer('arbiter');
        const expected = 'what becomes of majority writes';
        if (given === undefined) return pending('no answer yet', expected);
        return given === 'they wait'
          ? pass(`${given}: an arbiter has no data to acknowledge`)
          : wrong('arbiter-acknowledges', `you say: ${given}`, expected);
      },
    }),
    check('In the end shard3 has three equal members', {
      at: 'shard3a',
      holdsAtStart: true,
      look: async (lab) => {
        const set = await readSetStatus(lab, services);
        const expected = '3 members with a vote, priority 1, none hidden';
        if (!set) return pending('shard3 says nothing', expected);
        const withVote = set.members.filter(({ votes }) => votes > 0).length;
        const observed = `${statesInWords(set.members)}; ${set.voters} votes`;
        if (set.members.length === 3 && withVote % 2 === 0) return wrong('even-voters', observed, expected);
        const equal = set.members.every(
          ({ votes, priority, hidden, state }) =>
            votes === 1 && priority === 1 && !hidden && /^(PRIMARY|SECONDARY)$/.test(state),
        );
        return set.members.length === 3 && set.voters === 3 && equal
          ? pass(observed)
          : pending(observed, expected);
      },
      reproduce: mongosh('shard3a', 'rs.conf().members'),
    }),
  ],
  questions: [choice('arbiter', ['they go on', 'they wait', 'the arbiter takes them'])],
  mistakes: [
    mistake('hidden-with-priority', {
      after: mongosh(
        primary('shard3'),
        `cfg = rs.conf()
cfg.members.find(m => m.host === "{{peer shard3c}}").hidden = true
rs.reconfig(cfg)`,
      ),
    }),
    mistake('two-at-once', {
      after: mongosh(
        primary('shard3'),
        `cfg = rs.conf()
others = cfg.members.filter(m => m.host !== db.hello().me)
others.forEach(m => Object.assign(m, { priority: 0, votes: 0 }))
rs.reconfig(cfg)`,
      ),
    }),
    mistake('arbiter-acknowledges', { after: answer('arbiter', 'they go on') }),
    mistake('even-voters', {
      after: mongosh(
        primary('shard3'),
        `cfg = rs.conf()
other = cfg.members.find(m => m.host !== db.hello().me)
Object.assign(other, { priority: 0, votes: 0 })
rs.reconfig(cfg)`,
      ),
    }),
  ],
  solution: [
    mongosh(primary('shard3'), prefer),
    until('shard3b is primary', async (lab) => (await primary('shard3')(lab)) === preferred),
    mongosh(preferred, setAside),
    mongosh(preferred, tryArbiter),
    answer('arbiter', 'they wait'),
    mongosh(preferred, putBack),
  ],
});
