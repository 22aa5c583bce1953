// What the made-up course and its lab are: plain data.

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
