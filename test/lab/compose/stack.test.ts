import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readStack, readStackFile, type StackOptions } from '../../../src/lab/compose/stack.js';
import type { Problem } from '../../../src/problem.js';

const folder = mkdtempSync(join(tmpdir(), 'msc-stack-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string, options: StackOptions = {}) {
  const path = join(folder, 'made-up.yaml');
  writeFileSync(path, text);
  return readStackFile(path, { env: {}, ...options });
}

/** A file with one sound service, into which a line can be put. */
function withService(...lines: readonly string[]): string {
  return [
    'name: made-up',
    'services:',
    '  shard1a:',
    '    image: mongo:7.0',
    '    command: mongod --port 27111',
    '    ports: ["127.0.0.1:27111:27111"]',
    ...lines,
    '',
  ].join('\n');
}

function refusal(work: () => unknown): Problem {
  try {
    work();
  } catch (problem) {
    return problem as Problem;
  }
  throw new Error('nothing was refused');
}

describe('the stages of the course', () => {
  test('single-node is one plain mongod on its own volume, and the shop', () => {
    const { stage, services } = readStack('single-node', { env: {} });
    expect(stage).toBe('single-node');
    expect(services.map(({ name }) => name)).toEqual(['shard1a', 'shop1']);
    expect(services[0]).toMatchObject({
      name: 'shard1a',
      program: 'mongod',
      image: 'mongo:7.0',
      ports: [27111],
    });
    expect(services[0]?.args).not.toContain('--replSet');
    expect(services[0]?.mounts).toContainEqual({ kind: 'volume', name: 'shard1a', target: '/data/db' });
    expect(services[0]?.mounts).toContainEqual(
      expect.objectContaining({ kind: 'bind', target: '/course', readOnly: true }),
    );
  });

  test('sharding keeps shard1a on its port and volume', () => {
    const [before] = readStack('single-node', { env: {} }).services;
    const after = readStack('sharding', { env: {} }).services.find(({ name }) => name === 'shard1a');
    expect(after).toMatchObject({ ports: before?.ports, mounts: before?.mounts });
    expect(after?.args).toEqual(expect.arrayContaining(['--shardsvr', '--replSet', 'shard1']));
  });

  test('an image can be set by the environment', () => {
    const env = { MSC_MONGO_IMAGE: 'mongo:8.0' };
    expect(readStack('single-node', { env }).services[0]?.image).toBe('mongo:8.0');
  });

  test('a stage that does not exist is wrong use', () => {
    expect(refusal(() => readStack('scaling'))).toMatchObject({ code: 'unknown-stage', exitCode: 2 });
  });
});

describe('a port offset', () => {
  test('moves published ports, arguments and healthchecks', () => {
    const { services } = readStack('sharding', { env: {}, portOffset: 1000 });
    const named = Object.fromEntries(services.map((service) => [service.name, service]));
    expect(named.router1?.ports).toEqual([28017]);
    expect(named.router1?.args).toEqual(expect.arrayContaining(['configset/config1:28101', '28017']));
    expect(named.shard1a?.healthcheck?.test).toContain('28111');
    expect(JSON.stringify(services)).not.toMatch(/\b27\d{3}\b/);
  });

  test('moves addresses in variables and lists, and no number that is not a port of this stack', () => {
    const text = withService(
      '    environment:',
      '      MONGODB_URL: mongodb://shard1a:27111,other.example:27111/?x=27111',
      '      PORT: 27111',
      '      LIMIT: 27111',
      '      ELSEWHERE: shard1a:9999',
    ).replace(
      '--port 27111',
      '--port 27111 --seeds shard1a:27111,localhost:27111 --cache 27111 --other-port=27111',
    );
    const [service] = read(text, { portOffset: 5 }).services;
    expect(service?.environment).toEqual({
      MONGODB_URL: 'mongodb://shard1a:27116,other.example:27111/?x=27111',
      PORT: '27116',
      LIMIT: '27111',
      ELSEWHERE: 'shard1a:9999',
    });
    expect(service?.args).toEqual([
      '--port',
      '27116',
      '--seeds',
      'shard1a:27116,localhost:27116',
      '--cache',
      '27111',
      '--other-port=27116',
    ]);
  });

  test.each([40_000, -26_500, 0.5])('of %d is refused', (portOffset) => {
    expect(refusal(() => read(withService(), { portOffset }))).toMatchObject({
      code: 'port-offset-invalid',
      exitCode: 2,
    });
  });
});

describe('what YAML and Compose give', () => {
  test('anchors, merges, folded commands, quotes and variables', () => {
    const { services } = read(
      `name: made-up
x-base: &base
  image: \${IMAGE:-mongo:7.0}
services:
  shard1a:
    <<: *base
    command: >-
      mongod --port 27111
      --setParameter "a b" 'c d' e\\ f
    ports: ["127.0.0.1:27111:27111"]
    environment: ["PRICE=$$5", "HOST=\${HOST}", "EMPTY=\${EMPTY:-full}", "SET=\${EMPTY-full}"]
    volumes: [shard1a:/data/db]
  shop1:
    <<: *base
    command: [node, server.js, 3]
    ports: ["127.0.0.1:8081:8081"]
    depends_on: { shard1a: { condition: service_started } }
volumes:
  shard1a:
`,
      { env: { HOST: 'example.org', EMPTY: '' } },
    );
    expect(services[0]).toMatchObject({
      image: 'mongo:7.0',
      args: ['--port', '27111', '--setParameter', 'a b', 'c d', 'e f'],
      environment: { PRICE: '$5', HOST: 'example.org', EMPTY: 'full', SET: '' },
    });
    expect(services[1]).toMatchObject({ program: 'node', args: ['server.js', '3'], dependsOn: ['shard1a'] });
  });
});

describe('what the runtimes cannot honour is refused, naming file, line and key:', () => {
  test.each([
    [
      'a key',
      withService('    privileged: true'),
      /made-up\.yaml:7: services\.shard1a\.privileged: not supported/,
    ],
    ['a network', withService('    network_mode: host'), /:7: services\.shard1a\.network_mode/],
    ['a key at the top', withService('networks: {}'), /:7: networks: not supported/],
    [
      'an open port',
      withService().replace('127.0.0.1:', '0.0.0.0:'),
      /:6: services\.shard1a\.ports\.0: .*open to the network/,
    ],
    ['a port without an address', withService().replace('127.0.0.1:', ''), /:6: services\.shard1a\.ports\.0/],
    [
      'another port outside',
      withService().replace(':27111:', ':27999:'),
      /:6: .* have to be the same number/,
    ],
    [
      'a port that there is not',
      withService().replaceAll('27111', '271110'),
      /:6: services\.shard1a\.ports\.0: there is no port 271110/,
    ],
    [
      'an unknown program',
      withService().replace('mongod ', 'mysqld '),
      /:5: services\.shard1a\.command: 'mysqld'/,
    ],
    [
      'an open quote',
      withService().replace('--port', '"--port'),
      /:5: services\.shard1a\.command: the quote "/,
    ],
    [
      'an unlisted volume',
      withService('    volumes: [data:/data/db]'),
      /:7: .*volumes\.0: the volume 'data'/,
    ],
    [
      'an unknown dependency',
      withService('    depends_on: [redis]'),
      /:7: services\.shard1a\.depends_on: 'redis'/,
    ],
    [
      'itself as dependency',
      withService('    depends_on: [shard1a]'),
      /:7: services\.shard1a\.depends_on: 'shard1a'/,
    ],
    [
      'a variable that must be set',
      withService('    labels: ["a=$' + '{A:?}"]'),
      /:7: services\.shard1a\.labels\.0: \$\{A:\?\}/,
    ],
    ['the same name twice', withService('  shard1a: {}'), /:7: services\.shard1a: this key is there twice/],
    ['no YAML', 'services: [', /made-up\.yaml:\d+: /],
    [
      'a circle',
      withService(
        '    depends_on: [shard2a]',
        '  shard2a:',
        '    image: mongo:7.0',
        '    command: mongod',
        '    ports: ["127.0.0.1:27121:27121"]',
        '    depends_on: [shard1a]',
      ),
      /:7: services\.shard1a\.depends_on: 'shard1a' waits/,
    ],
    [
      'one port for two',
      withService(
        '  shard2a:',
        '    image: mongo:7.0',
        '    command: mongod',
        '    ports:',
        '      - "127.0.0.1:27111:27111"',
      ),
      /:11: services\.shard2a\.ports\.0: port 27111 is shard1a's already/,
    ],
  ])('%s', (_, text, message) => {
    const problem = refusal(() => read(text));
    expect(problem.code).toBe('compose-invalid');
    expect(problem.message).toMatch(message);
  });

  test('a key that comes by a merge, where it is written', () => {
    const text = withService().replace('services:', 'x-base: &base\n  cap_add: [ALL]\nservices:');
    const problem = refusal(() => read(text.replace('    image:', '    <<: *base\n    image:')));
    expect(problem.message).toMatch(/:3: services\.shard1a\.cap_add/);
  });

  test('all faults at once', () => {
    const problem = refusal(() => read(withService('    privileged: true', '    deploy: {}')));
    expect(problem.message.split('\n')).toHaveLength(2);
  });
});
