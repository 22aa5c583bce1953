import { describe, expect, test } from 'vitest';
import { lintStackText } from '../../src/lab/compose/stack.js';
import { ownComposeFolder } from '../../src/lab/workspace/learner-compose.js';
import { composeWith } from '../../src/lesson/probes/compose-services.js';
import { Problem } from '../../src/problem.js';

// What a learner writes in the lesson third-shard, with one slip each.

const service = `  shard3a:
    <<: *mongo
    command: mongod --shardsvr --replSet shard3 --port 27131 --bind_ip_all --dbpath /data/db
    ports: ["127.0.0.1:27131:27131"]
    volumes:
      - shard3a:/data/db
`;
const finished = composeWith(service, 'shard3a');
const edited = (from: string, to: string) => composeWith(service.replace(from, to), 'shard3a');

const read = (text: string) =>
  lintStackText('compose.yaml', text, { env: {}, stage: 'sharding', folder: ownComposeFolder });

function refusal(text: string): Problem {
  try {
    read(text);
  } catch (problem) {
    if (problem instanceof Problem) return problem;
    throw problem;
  }
  throw new Error('nothing was refused');
}

describe('accepts', () => {
  test.each([
    ['the service as the lesson has it', finished],
    ['a volume written as an empty map', `${finished.trimEnd()} {}\n`],
    [
      'a port in the long form',
      edited(
        '["127.0.0.1:27131:27131"]',
        '[{ target: 27131, published: "27131", host_ip: 127.0.0.1, protocol: tcp, mode: host }]',
      ),
    ],
    [
      'a volume in the long form',
      edited('- shard3a:/data/db', '- { type: volume, source: shard3a, target: /data/db }'),
    ],
    [
      'a folder in the long form',
      edited(
        '- shard3a',
        '- { type: bind, source: ../assets/shop, target: /course, read_only: true }\n      - shard3a',
      ),
    ],
    ['line ends of Windows and a byte order mark', `\uFEFF${finished.replaceAll('\n', '\r\n')}`],
    ['two merges', edited('<<: *mongo', '<<: [*mongo, { labels: [a=b] }]')],
  ])('%s', (_, text) => {
    const { services, findings } = read(text);
    expect(services).toContain('shard3a');
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

test('the long form of a mount is the same mount', () => {
  const long = edited('- shard3a:/data/db', '- { type: volume, source: shard3a, target: /elsewhere }');
  expect(read(long).findings).toEqual(read(edited('- shard3a:/data/db', '- shard3a:/elsewhere')).findings);
  expect(read(long).findings).toHaveLength(1);
});

describe('names file, line, key and cure of', () => {
  test.each([
    [
      'an alias with a letter missing',
      edited('*mongo', '*mong'),
      '    <<: *mong',
      /shard3a\.<<: unknown alias \*mong: .*Known here: \*mongo, \*answers/,
    ],
    [
      'a merge of a text',
      edited('*mongo', 'mongo'),
      '    <<: mongo',
      /shard3a\.<<: "<<" takes over the keys of a map/,
    ],
    ['a merge of nothing', edited(' *mongo', ''), '    <<:', /shard3a\.<<: "<<" takes over/],
    [
      'an alias inside of its own value',
      edited('<<: *mongo', '<<: *mongo\n    labels: &l [*l]'),
      '    labels:',
      /shard3a\.labels\.0: alias \*l refers to the value that contains it/,
    ],
    [
      'a tag',
      edited('command: ', 'command: !mine '),
      '    command: !mine',
      /shard3a\.command: the tag !mine/,
    ],
    [
      'a key that is a list',
      edited('<<: *mongo', '<<: *mongo\n    ? [a]\n    : b'),
      '    ? [a]',
      /a key has to be one word/,
    ],
    ['a tab', edited('    ports', '\tports'), '\tports', /indented with a tab/],
    [
      'a key that is there twice',
      edited('<<', 'ports: []\n    <<'),
      '    ports: ["127.0.0.1:27131',
      /shard3a\.ports: this key is there twice/,
    ],
    [
      'a second document',
      finished.replace('\nservices:', '\n---\nservices:'),
      '---',
      /a second document begins here/,
    ],
    [
      'a service in the list of volumes',
      `${composeWith('', undefined)}${service}`,
      '  shard3a:',
      /volumes\.shard3a: this is a service, and it is in the list of volumes: move it up/,
    ],
    [
      'a service beside "services:"',
      finished.replace(service, service.replace(/^ {2}/gm, '')),
      'shard3a:',
      /: shard3a: this is a service, and it is beside "services:": indent it/,
    ],
    ...['shard3-a', 'shard3_primary', 'Shard3A'].map((name): [string, string, string, RegExp] => [
      `a service called ${name}`,
      edited('  shard3a:', `  ${name}:`),
      `  ${name}:`,
      new RegExp(`services.${name}: '${name}' cannot be the name of a service here: it has to be lower case`),
    ]),
    [
      'a service without ports',
      edited('    ports: ["127.0.0.1:27131:27131"]\n', ''),
      '  shard3a:',
      /shard3a\.ports: a service needs at least one port/,
    ],
    [
      'ports with nothing in them',
      edited(' ["127.0.0.1:27131:27131"]', ''),
      '    ports:',
      /shard3a\.ports: a service needs at least one port/,
    ],
    [
      'a service without an image',
      edited('    <<: *mongo\n', ''),
      '  shard3a:',
      /shard3a\.image: a service needs an image/,
    ],
    [
      'a service without a command',
      edited(/ {4}command.*\n/.exec(service)?.[0] ?? '', ''),
      '  shard3a:',
      /shard3a\.command: a service needs a command/,
    ],
    [
      'a service with nothing in it',
      composeWith('  shard3a:', 'shard3a'),
      '  shard3a:',
      /services\.shard3a: has nothing in it/,
    ],
    [
      'a port that is open to all in the long form',
      edited('["127.0.0.1:27131:27131"]', '[{ target: 27131, published: 27131 }]'),
      '    ports: [{',
      /ports\.0: .*host_ip: 127\.0\.0\.1/,
    ],
    [
      'a long form with a key that is not supported',
      edited('- shard3a:/data/db', '- { type: volume, source: shard3a, target: /data/db, volume: {} }'),
      '      - { type',
      /volumes\.0\.volume: not supported/,
    ],
    [
      'a mount of another kind',
      edited('- shard3a:/data/db', '- { type: tmpfs, source: a, target: /data/db }'),
      '      - { type',
      /volumes\.0\.type: has to be 'volume' or 'bind'/,
    ],
    [
      'a port of the system',
      edited('["127.0.0.1:27131:27131"]', '["127.0.0.1:80:80"]'),
      '    ports: ["127.0.0.1:80',
      /ports\.0: port 80 is the system's own/,
    ],
    [
      'a healthcheck with nothing in it',
      edited('    volumes', '    healthcheck:\n    volumes'),
      '    healthcheck:',
      /shard3a\.healthcheck: has no value; expected a map/,
    ],
    [
      'ports as a text',
      edited('["127.0.0.1:27131:27131"]', '127.0.0.1:27131:27131'),
      '    ports: 127',
      /shard3a\.ports: is '127.0.0.1:27131:27131'; expected a list/,
    ],
    [
      'a volume that is a list',
      `${finished.trimEnd()} []\n`,
      '  shard3a: []',
      /volumes\.shard3a: a volume has nothing after its colon/,
    ],
    ['an empty file', '', '', /^compose\.yaml:1: the file is empty$/],
    ['no YAML map', 'mongo\n', 'mongo', /^compose\.yaml:1: has to be a map of name, services and volumes$/],
    [
      'UTF-16',
      Buffer.from(finished, 'utf16le').toString('utf8'),
      '',
      /^compose\.yaml:1: not a text in UTF-8/,
    ],
  ])('%s', (_, text, start, message) => {
    const problem = refusal(text);
    expect(problem.code).toBe('compose-invalid');
    const [first = ''] = problem.message.split('\n');
    expect(first).toMatch(message);
    expect(first).toMatch(/^compose\.yaml:\d+: /);
    const lines = text.split('\n').flatMap((line, index) => (line.startsWith(start) ? [index + 1] : []));
    if (start !== '') expect(lines).toContain(Number(first.split(':')[1]));
  });

  test('aliases of aliases, which would fill the memory', () => {
    const levels = ['a', 'b', 'c', 'd', 'e', 'f'];
    const bomb = levels.map(
      (name, at) => `x-${name}: &${name} [${at === 0 ? '0' : Array(9).fill(`*${levels[at - 1]}`)}]`,
    );
    const text = `${bomb.join('\n')}\n${finished}`;
    expect(refusal(text).message).toMatch(
      /^compose\.yaml:\d+: .*multiply here to more than the course reads/,
    );
  });

  test('lists in lists without end', () => {
    expect(refusal(`x: ${'['.repeat(20_000)}`).message).toMatch(/^compose\.yaml:\d+: /);
    expect(refusal(`x-a: ${'['.repeat(200)}${']'.repeat(200)}\n${finished}`).message).toContain(
      'more than 50 levels',
    );
  });
});

test('no fault is told in the words of a library', () => {
  const ends = ['[]', '{}', '1', 'true', '"text"', ''];
  const keys = ['image', 'command', 'ports', 'volumes', 'environment', 'depends_on', 'healthcheck', 'labels'];
  for (const key of keys) {
    for (const end of ends) {
      const text = composeWith(
        `${service.replace(new RegExp(`^ {4}${key}:[^]*?(?=^ {4}\\w|(?![^]))`, 'm'), '')}    ${key}: ${end}\n`,
        'shard3a',
      );
      const told = toldOf(text);
      expect(told, `${key}: ${end}`).not.toMatch(/Invalid|received|record|undefined|null/);
    }
  }
});

function toldOf(text: string): string {
  try {
    return read(text)
      .findings.map((finding) => finding.text)
      .join('\n');
  } catch (problem) {
    return (problem as Problem).message;
  }
}
