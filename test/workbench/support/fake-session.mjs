// Plain JavaScript, so that the program that the pty tests start can use it beside the built workbench.
import { existsSync } from 'node:fs';

const lessonEntry = (id, title, minutes, state) => ({ id, title, minutes, state, measured: [] });

export const stages = [
  {
    id: 'single-node',
    title: 'One server',
    introduction: 'The shop runs on **one** mongod. It works, until it does not.',
    lessons: [
      lessonEntry('single-node/first-mongod', 'Start the first mongod', 6, 'passed'),
      lessonEntry('single-node/load-the-shop', 'Load the shop', 8, 'started'),
    ],
  },
  {
    id: 'sharding',
    title: 'Sharding',
    introduction:
      'Data is spread over *shards*; a router finds it.\n\n- `router1` answers the shop\n- `config1` knows what is where',
    lessons: [
      lessonEntry('sharding/config-server', 'The config server', 7, 'new'),
      lessonEntry('sharding/add-shards', 'Add the shards', 8, 'new'),
    ],
  },
];

const tierOf = (service) => service.match(/^(config|router|shard)/)[0];
const node = (service, program, port, state, mongo) => ({
  service,
  tier: tierOf(service),
  ...(program === 'mongod' ? { startedFor: service.replace(/[a-c]$/, '').replace('config1', 'config') } : {}),
  status: {
    name: service,
    program,
    state,
    address: `127.0.0.1:${port}`,
    runs: program === 'mongos' ? 'course router' : 'mongod 6.0.5',
  },
  ...(mongo ? { mongo } : {}),
});

export const snapshot = {
  takenAt: 0,
  stage: 'sharding',
  runtime: 'local',
  nodes: [
    node('config1', 'mongod', 27101, 'running', { role: 'primary', set: 'config', members: 1 }),
    {
      ...node('shard1a', 'mongod', 27111, 'running', { role: 'primary', set: 'shard1', members: 1 }),
      data: { documents: 56000, bytes: 16_240_000 },
    },
    node('shard2a', 'mongod', 27121, 'running', { role: 'uninitiated' }),
    node('shard3a', 'mongod', 27131, 'dead'),
    node('router1', 'mongos', 27017, 'running', { role: 'router' }),
  ],
  shards: [{ id: 'shard1', host: 'shard1/127.0.0.1:27111', draining: false }],
  moves: [],
};

const body = `The shop is slow: all orders sit on one server. Today the **router** learns of its shards.

## The idea

\`\`\`text
 shop1 ──▶ router1 ──▶ shard1
                  └──▶ shard2
\`\`\`

A router asks the *config server* which shard holds what. It knows no shard by itself:

- every shard is added **once**, by the name of its set, as in \`shard1/127.0.0.1:27111\`; the router then asks the members of that set for the rest
- adding moves no document

## Do

1. Open a shell on \`router1\`.
2. Add both shards:

\`\`\`js
sh.addShard("shard1/127.0.0.1:27111")
sh.addShard("shard2/127.0.0.1:27121")
\`\`\`

See [the manual](https://www.mongodb.com/docs/manual/reference/method/sh.addShard/).
`;

export const addShards = {
  id: 'sharding/add-shards',
  stage: 'sharding',
  minutes: 8,
  text: {
    language: 'en',
    title: 'Add the shards',
    body,
    hints: ['Which server knows of the shards?', 'Look at `sh.help()`.', 'It is `sh.addShard()`, twice.'],
    debrief: 'Both shards are known now. **No document moved.**',
    mistakes: new Map([['not-router', { title: 'That was a shard', text: 'addShard goes to the router.' }]]),
    questions: new Map([['share', 'What share of the orders do you expect on `shard1`?']]),
    measurements: new Map(),
  },
  checks: [
    { title: 'shard1 is a shard of the cluster', at: 'router1', kind: 'state' },
    { title: 'shard2 is a shard of the cluster', at: 'router1', kind: 'state' },
  ],
  questions: [
    {
      question: { id: 'share', kind: 'number', unit: '%' },
      wording: 'What share of the orders do you expect on `shard1`?',
    },
    {
      question: { id: 'moves', kind: 'choice', options: ['Yes', 'No'] },
      wording: 'Does adding a shard move documents?',
    },
  ],
  shellAt: 'router1',
};

const verdict = (index, state, rest) => ({ ...addShards.checks[index], state, ...rest });
const reproduce = 'db.adminCommand({ listShards: 1 })';

export const pendingVerdicts = [
  verdict(0, 'pending', { observed: 'no shards', expected: 'shard1', reproduce }),
  verdict(1, 'pending', { observed: 'no shards', expected: 'shard2', reproduce }),
];

export const wrongVerdicts = [
  verdict(0, 'pass', { observed: 'shard1/127.0.0.1:27111', reproduce }),
  verdict(1, 'wrong', {
    observed: 'no such command on shard2a',
    expected: 'shard2',
    mistake: 'not-router',
    explanation:
      '**That was a shard.** addShard goes to the router, which writes it down on the config server.',
    reproduce,
  }),
];

export const passedVerdicts = [
  verdict(0, 'pass', { observed: 'shard1/127.0.0.1:27111' }),
  verdict(1, 'pass', { observed: 'shard2/127.0.0.1:27121' }),
];

export const mistakes = [
  {
    lesson: 'single-node/first-mongod',
    title: 'Start the first mongod',
    mistakes: [
      {
        id: 'other-port',
        title: 'It listens elsewhere',
        met: {
          at: '2026-01-31T14:00:00.000Z',
          explanation:
            'The shop looks for it on **27111**. Start it there:\n\n```js\ndb.adminCommand({ shutdown: 1 })\n```',
        },
      },
      { id: 'no-folder', title: 'It has no folder for its data' },
    ],
    hidden: 0,
  },
  { lesson: 'single-node/load-the-shop', title: 'Load the shop', mistakes: [], hidden: 2 },
  { lesson: 'sharding/config-server', title: 'The config server', mistakes: [], hidden: 3 },
  { lesson: 'sharding/add-shards', title: 'Add the shards', mistakes: [], hidden: 1 },
];

const term = (word, explained, meaning) => ({ word, forms: [`${word}s`], explained, meaning });
export const terms = [
  term('shard', 'sharding', 'A replica set that holds a **part** of the data.'),
  term('router', 'sharding/add-shards', 'The server that clients talk to (`mongos`).'),
  term('index', 'single-node/load-the-shop', 'A sorted list of values with pointers to their documents.'),
];

export const summary = {
  stage: 'single-node',
  title: 'One server',
  complete: true,
  from: '2026-01-30T12:00:00.000Z',
  to: '2026-01-31T12:00:00.000Z',
  lessons: [
    {
      id: 'single-node/first-mongod',
      title: 'Start the first mongod',
      minutes: 6,
      state: 'passed',
      passedAt: '2026-01-30T12:10:00.000Z',
      measured: [],
      mistakes: [{ id: 'other-port', title: 'It listens elsewhere', met: '2026-01-30T12:05:00.000Z' }],
    },
    {
      id: 'single-node/load-the-shop',
      title: 'Load the shop',
      minutes: 8,
      state: 'passed',
      passedAt: '2026-01-31T12:00:00.000Z',
      measured: [
        { id: 'time', title: 'Time to load it', unit: 's', state: 'measured', predicted: 30, value: 4.21 },
      ],
      mistakes: [],
    },
  ],
};

export function createFakeSession(options = {}) {
  const listeners = new Set();
  const calls = [];
  let lab = { stage: 'sharding', runtime: 'local' };
  let timer;
  let opened;
  let done;
  const say = (event) => {
    for (const listener of listeners) listener(event);
  };
  const look = () => {
    const now = existsSync(options.doneFile);
    if (now === done) return;
    done = now;
    say({
      kind: 'verdicts',
      lesson: opened,
      passed: now,
      checks: now ? passedVerdicts : pendingVerdicts,
      measured: [],
    });
  };

  return {
    calls,
    say,
    subscribe(listener) {
      listeners.add(listener);
      listener({ kind: 'course', stages, current: 'sharding/add-shards' });
      listener({ kind: 'lab', lab });
      listener({ kind: 'snapshot', snapshot });
      return () => listeners.delete(listener);
    },
    async openLesson(id) {
      calls.push(`openLesson ${id}`);
      opened = id;
      done = undefined;
      clearInterval(timer);
      if (options.doneFile !== undefined) timer = setInterval(look, 20);
      return { ...addShards, id, stage: id.split('/')[0] };
    },
    async bringUp(stage, onEvent, signal) {
      calls.push(`bringUp ${stage}`);
      onEvent({ kind: 'program', program: 'mongod', phase: 'downloading', received: 31e6, total: 80e6 });
      onEvent({ kind: 'service', service: 'config1', phase: 'ready', seconds: 1.24 });
      onEvent({ kind: 'service', service: 'shard1a', phase: 'starting' });
      if (options.hang) {
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            calls.push('aborted');
            reject(signal.reason);
          });
        });
      }
      onEvent({ kind: 'service', service: 'shard1a', phase: 'ready', seconds: 2 });
      lab = { stage, runtime: 'local' };
      say({ kind: 'lab', lab });
    },
    async gotoLesson(id, onEvent) {
      calls.push(`gotoLesson ${id}`);
      onEvent({ kind: 'rebuild', reason: 'the lab is already at stage "sharding"' });
      onEvent({ kind: 'replay', lesson: 'sharding/config-server', phase: 'typing' });
      onEvent({
        kind: 'typing',
        lesson: 'sharding/config-server',
        typing: { how: 'shell', at: 'config1', input: 'rs.initiate()' },
      });
      onEvent({ kind: 'replay', lesson: 'sharding/config-server', phase: 'passed' });
    },
    async play({ begin, typeInto }) {
      for (const typing of options.solution ?? []) {
        await begin(typing);
        calls.push(`play ${typing.how} ${typing.input}`);
        if (typing.how === 'shell') await typeInto(typing.at, 'own', typing.input);
      }
      say({ kind: 'verdicts', lesson: opened, passed: true, checks: passedVerdicts, measured: [] });
      return { passed: true };
    },
    async answer(question, value) {
      calls.push(`answer ${question} ${value}`);
    },
    stir() {},
    async look() {
      if (options.doneFile !== undefined) look();
    },
    async shell(service, kind) {
      calls.push(kind === 'own' ? `shell ${service}` : `shell ${service} ${kind}`);
      return (
        options.shell ?? { file: 'bash', args: ['--norc', '--noprofile', '-i'], env: { PS1: 'shell> ' } }
      );
    },
    async workspaceFile(file) {
      calls.push(`workspaceFile ${file}`);
      return `/home/ada/workspace/${file}`;
    },
    async fault(fault, service) {
      calls.push(`fault ${fault} ${service}`);
    },
    async traffic(act) {
      calls.push(`traffic ${act}`);
    },
    async *logs(service, signal) {
      calls.push(`logs ${service}`);
      yield `${service} was started`;
      yield JSON.stringify({
        t: { $date: '2026-01-31T14:03:59.000+00:00' },
        s: 'I',
        c: 'NETWORK',
        msg: 'Waiting for connections',
        attr: { port: 27111 },
      });
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      calls.push(`end of logs ${service}`);
    },
    async mistakes() {
      return options.mistakes ?? mistakes;
    },
    async glossary() {
      return terms;
    },
    async summary(stage) {
      calls.push(`summary ${stage}`);
      return summary;
    },
    async close() {
      calls.push('close');
      clearInterval(timer);
    },
  };
}
